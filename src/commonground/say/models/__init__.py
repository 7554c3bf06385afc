"""What SAY holds: posts and who read them, deliveries and who carries them."""

from commonground.say.models.alerts import PublicAlert
from commonground.say.models.answering import Answered, print_of
from commonground.say.models.areas import Area, Voice, known_of
from commonground.say.models.asking import ReviewRequest
from commonground.say.models.attachments import Attachment
from commonground.say.models.calendar import CalendarKey, digest_of
from commonground.say.models.campaigns import MOST_MESSAGES, Campaign, Mark
from commonground.say.models.cards import Card, Shelf, host_of
from commonground.say.models.deliveries import Delivery, Restart, Shift, Watch
from commonground.say.models.echoes import Echo, EchoCall
from commonground.say.models.films import Video
from commonground.say.models.first_device import LetOutFrom
from commonground.say.models.glass import BrokenGlass, Verdict
from commonground.say.models.looks import Look
from commonground.say.models.policy import ReviewRule
from commonground.say.models.posts import Post, Review, Variant, parts_on
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
from commonground.say.models.versions import Version, main_of, shown_by, whole_of

__all__ = [
    "LONGEST",
    "MOST_AHEAD",
    "MOST_MESSAGES",
    "Answered",
    "Area",
    "Attachment",
    "BrokenGlass",
    "CalendarKey",
    "Campaign",
    "Card",
    "Delivery",
    "Echo",
    "EchoCall",
    "LetOutFrom",
    "Look",
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
    "Version",
    "Video",
    "Voice",
    "Watch",
    "counts_for",
    "digest_of",
    "host_of",
    "is_asked",
    "known_of",
    "left_to_read",
    "main_of",
    "parts_on",
    "print_of",
    "rule_of",
    "shown_by",
    "whole_of",
    "yes_to",
]
