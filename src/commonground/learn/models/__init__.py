"""What LEARN holds."""

from commonground.learn.models.coverage import (
    Answer,
    Article,
    ArticleQuerySet,
    Coverage,
    Reading,
    Where,
)
from commonground.learn.models.experiments import Design, Experiment
from commonground.learn.models.mistakes import Mistake
from commonground.learn.models.news import KEPT, Outlet, Printed
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
from commonground.learn.models.reports import FrozenReport, LookBack

__all__ = [
    "KEPT",
    "LONGEST_WORD",
    "Answer",
    "Article",
    "ArticleQuerySet",
    "Census",
    "Coverage",
    "Design",
    "Experiment",
    "FrozenReport",
    "Kind",
    "LookBack",
    "Mistake",
    "Outlet",
    "Printed",
    "Pulse",
    "PulseArrival",
    "PulseCode",
    "PulseDayKey",
    "Reached",
    "Reading",
    "Reply",
    "Where",
]
