"""What LEARN holds."""

from commonground.learn.models.coverage import (
    Answer,
    Article,
    ArticleQuerySet,
    Coverage,
    Reading,
    Where,
)
from commonground.learn.models.mistakes import Mistake
from commonground.learn.models.news import KEPT, Outlet, Printed
from commonground.learn.models.reports import FrozenReport, LookBack

__all__ = [
    "KEPT",
    "Answer",
    "Article",
    "ArticleQuerySet",
    "Coverage",
    "FrozenReport",
    "LookBack",
    "Mistake",
    "Outlet",
    "Printed",
    "Reading",
    "Where",
]
