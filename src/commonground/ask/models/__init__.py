"""What ASK holds."""

from commonground.ask.models.questions import (
    KEY_LIVES_ON,
    LONGEST,
    LONGEST_WORD,
    PROVEN,
    Arrival,
    Ballot,
    Code,
    DayKey,
    Question,
    Reason,
    Statement,
    Tier,
    Translation,
    Vote,
)
from commonground.ask.models.results import Leaf, Picture, Seal

__all__ = [
    "KEY_LIVES_ON",
    "LONGEST",
    "LONGEST_WORD",
    "PROVEN",
    "Arrival",
    "Ballot",
    "Code",
    "DayKey",
    "Leaf",
    "Picture",
    "Question",
    "Reason",
    "Seal",
    "Statement",
    "Tier",
    "Translation",
    "Vote",
]
