"""What LEARN holds."""

from commonground.learn.models.coverage import Answer, Article, Coverage, Reading, Where
from commonground.learn.models.experiments import Design, Experiment
from commonground.learn.models.pulses import (
    LONGEST_WORD,
    Census,
    Kind,
    Pulse,
    PulseArrival,
    PulseCode,
    PulseDayKey,
    Reply,
)
from commonground.learn.models.reach import Reached

__all__ = [
    "LONGEST_WORD",
    "Answer",
    "Article",
    "Census",
    "Coverage",
    "Design",
    "Experiment",
    "Kind",
    "Pulse",
    "PulseArrival",
    "PulseCode",
    "PulseDayKey",
    "Reached",
    "Reading",
    "Reply",
    "Where",
]
