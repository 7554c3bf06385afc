"""What ANSWER holds."""

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
from commonground.answer.models.desk import Promise, SavedAnswer

__all__ = [
    "CLAIM_LASTS",
    "KEPT",
    "Answer",
    "Conversation",
    "Judgement",
    "Line",
    "Message",
    "Note",
    "Priority",
    "Promise",
    "SavedAnswer",
    "Word",
    "mark_of",
    "word_marks",
]
