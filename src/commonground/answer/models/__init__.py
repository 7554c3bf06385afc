"""What ANSWER holds."""

from commonground.answer.models.after import Asked, Helped
from commonground.answer.models.conversations import (
    CLAIM_LASTS,
    KEPT,
    Answer,
    Conversation,
    Judgement,
    Line,
    Message,
    Note,
    Priority,
    Word,
    mark_of,
    word_marks,
)
from commonground.answer.models.deeds import Deed
from commonground.answer.models.desk import Promise, SavedAnswer
from commonground.answer.models.hours import ChatHour, SetAside, Why
from commonground.answer.models.measures import (
    COPY_KEPT,
    LONGEST_MEASURE,
    Appeal,
    CommentPolicy,
    Filter,
    Measure,
)

__all__ = [
    "CLAIM_LASTS",
    "COPY_KEPT",
    "KEPT",
    "LONGEST_MEASURE",
    "Answer",
    "Appeal",
    "Asked",
    "ChatHour",
    "CommentPolicy",
    "Conversation",
    "Deed",
    "Filter",
    "Helped",
    "Judgement",
    "Line",
    "Measure",
    "Message",
    "Note",
    "Priority",
    "Promise",
    "SavedAnswer",
    "SetAside",
    "Why",
    "Word",
    "mark_of",
    "word_marks",
]
