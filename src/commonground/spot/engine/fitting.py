"""How often the help offered first is right, on invented moments that ship with the desk.

Two files: one the library and the matcher may be improved by, one that is only measured on.
Each moment is the first posts of one; the moments that need no help must be offered none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from commonground.spot.engine.resources import Library

SUITES = Path(__file__).parent / "suites"
DEVELOP, HELD_OUT = "help_develop", "help_held_out"
FIRST_POSTS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A moment's first posts, and the kinds of help that are right; none: nothing should be."""

    language: str
    trouble: str
    right: tuple[str, ...]
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    case: Case
    kinds: tuple[str, ...]  # best first, three at most

    @property
    def first_is_right(self) -> bool:
        return bool(self.kinds) and self.kinds[0] in self.case.right

    @property
    def right_is_there(self) -> bool:
        return not set(self.case.right).isdisjoint(self.kinds)


def cases(name: str) -> list[Case]:
    """The moments of a suite that ships: `DEVELOP` or `HELD_OUT`."""
    listed = tomllib.loads((SUITES / f"{name}.toml").read_text(encoding="utf-8"))["moment"]
    return [case_from(row) for row in listed]


def case_from(row: Mapping[str, object]) -> Case:
    posts = tuple(line.strip() for line in str(row["posts"]).strip().splitlines())
    right = tuple(str(kind) for kind in row["right"])  # type: ignore[attr-defined]
    return Case(str(row["lang"]), str(row["trouble"]), right, posts[:FIRST_POSTS])


def offered(library: Library, listed: Iterable[Case]) -> list[Offered]:
    return [
        Offered(case, tuple(fit.help.key for fit in library.fits(case.posts))) for case in listed
    ]


def figures(seen: Sequence[Offered]) -> dict[str, object]:
    """Every figure over all languages and for each; ready for JSON."""
    languages = sorted({one.case.language for one in seen})
    by_language = {
        code: figures_of([one for one in seen if one.case.language == code]) for code in languages
    }
    return {**figures_of(seen), "by_language": by_language}


def figures_of(seen: Sequence[Offered]) -> dict[str, float | int | None]:
    asked = [one for one in seen if one.case.right]
    quiet = [one for one in seen if not one.case.right]
    return {
        "moments": len(asked),
        "match_at_1": share([one.first_is_right for one in asked]),
        "match_at_3": share([one.right_is_there for one in asked]),
        "nothing_offered": share([not one.kinds for one in asked]),
        "moments_that_need_none": len(quiet),
        "abstained": share([not one.kinds for one in quiet]),
    }


def share(answers: Sequence[bool]) -> float | None:
    return round(sum(answers) / len(answers), 3) if answers else None
