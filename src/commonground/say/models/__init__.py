"""What SAY holds: posts and who read them, deliveries and who carries them."""

from commonground.say.models.alerts import PublicAlert
from commonground.say.models.asking import ReviewRequest
from commonground.say.models.calendar import CalendarKey, digest_of
from commonground.say.models.campaigns import MOST_MESSAGES, Campaign, Mark
from commonground.say.models.cards import Card, Shelf, host_of
from commonground.say.models.deliveries import Delivery, Restart, Shift, Watch
from commonground.say.models.echoes import Echo, EchoCall
from commonground.say.models.films import Video
from commonground.say.models.glass import BrokenGlass, Verdict
from commonground.say.models.policy import ReviewRule
from commonground.say.models.posts import Attachment, Post, Review, Variant, parts_on
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
from commonground.say.models.uncovered import Uncovered

__all__ = [
    "LONGEST",
    "MOST_AHEAD",
    "MOST_MESSAGES",
    "Attachment",
    "BrokenGlass",
    "CalendarKey",
    "Campaign",
    "Card",
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
    "Shelf",
    "Shift",
    "Template",
    "Uncovered",
    "Variant",
    "Verdict",
    "Video",
    "Watch",
    "counts_for",
    "digest_of",
    "host_of",
    "is_asked",
    "left_to_read",
    "parts_on",
    "rule_of",
    "yes_to",
]
