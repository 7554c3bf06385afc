"""Who is spoken to, held against who lives there. Pure: counts in, a verdict in one word out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

HALF = 0.5  # of one's share of the place: below it, one hears clearly less than one's due


class Heard(StrEnum):
    NONE = "none"
    LESS = "less"
    FAIR = "fair"


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of the census: so many people, their share of all (0 to 1), and how many of our
    posts spoke to them of how many."""

    name: str
    people: float
    share: float
    posts: int
    of: int

    @property
    def per_cent(self) -> float:
        return 100 * self.share

    @property
    def heard(self) -> Heard:
        """Nothing; less than half of their share of what was said; or enough. A language that a
        hundredth speaks is not expected in every post, but in some."""
        if not self.posts:
            return Heard.NONE
        return Heard.LESS if self.posts / self.of < HALF * self.share else Heard.FAIR


def rows(
    classes: Sequence[str], people: Sequence[float], spoken: Mapping[str, int], of: int
) -> list[Row]:
    """By answer of a census trait; spoken: posts by answer. Who hears least, measured by people,
    first."""
    whole = sum(people)
    found = [
        Row(name, many, many / whole, spoken.get(name, 0), of)
        for name, many in zip(classes, people, strict=True)
    ]
    order = list(Heard)
    return sorted(found, key=lambda row: (order.index(row.heard), -row.people))
