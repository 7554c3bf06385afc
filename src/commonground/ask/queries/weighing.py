"""Weighed shares as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from commonground.ask.engine.margins import written
from commonground.ask.models import Picture, Question, Statement
from commonground.ask.queries.saying import Said, said_in


class Weighed(NamedTuple):
    """A statement's share of agreement in per cent: as those who told voted, and as the place
    would have, with the 95 % interval of that."""

    said: Said
    bare: int
    agree: int
    low: int
    high: int


def weighed_of(
    picture: Picture, statements: Mapping[int, Statement], language: str
) -> dict[str, Any] | None:
    """What weighing changes, what bridges furthest first; None where nothing was weighed."""
    told = picture.weighed
    if not told:
        return None
    names = [n for n in told["shared"] if int(n) in statements]
    parts = ("bare", "agree", "low", "high")
    rows = [
        Weighed(
            said_in(language, statements[int(n)]),
            *(round(told["statements"][n][part]) for part in parts),
        )
        for n in names
    ]
    _said, traits = picture.question.traits_in(language)
    shares = [margin["shares"] for margin in picture.question.margins]
    every = [
        (name, list(zip(classes, shares[n], strict=True)), told["used"][n])
        for n, (name, classes) in enumerate(traits)
    ]
    return {
        "why": told["why"], "rows": rows, "people": tens(told["people"]),
        "effective": tens(told["effective"]), "used": [t for t in every if t[2]],
        "unused": [t for t in every if not t[2]],
    }  # fmt: skip


def margins_in_words(question: Question) -> list[tuple[str, str]]:
    """What votes are weighed by, and its names in every other language: all that opens."""
    own = [(question.language, written(question.margins))] if question.margins else []
    said = {code: words.get("traits") for code, words in question.words.items()}
    return own + [(code, written(rows)) for code, rows in said.items() if rows]


def tens(number: float) -> int:
    """Rounded down, so that one person more or less does not show."""
    return int(number // 10) * 10
