"""What SAY holds: posts and who read them, deliveries and who carries them."""

from commonground.say.models.alerts import PublicAlert
from commonground.say.models.asking import ReviewRequest
from commonground.say.models.calendar import CalendarKey, digest_of
from commonground.say.models.campaigns import MOST_MESSAGES, Campaign, Mark
from commonground.say.models.deliveries import Delivery, Restart, Shift, Watch
from commonground.say.models.echoes import Echo, EchoCall
from commonground.say.models.glass import BrokenGlass, Verdict
from commonground.say.models.policy import ReviewRule
from commonground.say.models.posts import Attachment, Post, Review, Variant, card_in
from commonground.say.models.proposals import Proposal
from commonground.say.models.reading import counts_for, is_asked, left_to_read, rule_of, yes_to
from commonground.say.models.series import (
    LONGEST,
    MOST_AHEAD,
    Occurrence,
    Planned,
    Recurrence,
    Series,
)
from commonground.say.models.templates import Template

__all__ = [
    "LONGEST",
    "MOST_AHEAD",
    "MOST_MESSAGES",
    "Attachment",
    "BrokenGlass",
    "CalendarKey",
    "Campaign",
    "Delivery",
    "Echo",
    "EchoCall",
    "Mark",
    "Occurrence",
    "Planned",
    "Post",
    "Proposal",
    "PublicAlert",
    "Recurrence",
    "Restart",
    "Review",
    "ReviewRequest",
    "ReviewRule",
    "Series",
    "Shift",
    "Template",
    "Variant",
    "Verdict",
    "Watch",
    "card_in",
    "counts_for",
    "digest_of",
    "is_asked",
    "left_to_read",
    "rule_of",
    "yes_to",
]
