"""What the newsroom holds: what we say there, and what people write beneath it."""

from commonground.channels.networks.site.models.comments import (
    KEPT,
    Arrival,
    Comment,
    DayKey,
    How,
    Talk,
    link_of,
)
from commonground.channels.networks.site.models.pages import Page, PageFilm, PagePicture

__all__ = [
    "KEPT",
    "Arrival",
    "Comment",
    "DayKey",
    "How",
    "Page",
    "PageFilm",
    "PagePicture",
    "Talk",
    "link_of",
]
