"""A post in one of its languages, where it is said in several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Rendering:
    """All that a reader of one language reads of a post."""

    language: str
    title: str
    text: str
    # Of its pictures in their order, or of its video; none: the words of the pictures themselves.
    alts: tuple[str, ...] = ()
    # Of the public alert, if it is one: contract.alert.
    event: str = ""
    area: str = ""
    instruction: str = ""

    def as_row(self) -> dict[str, Any]:
        """As it is kept, without what is empty."""
        return {name: said for name, said in asdict(self).items() if said}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        empty = {"language": "", "title": "", "text": ""}
        return cls(**{**empty, **row, "alts": tuple(row.get("alts", ()))})

    @property
    def words(self) -> list[str]:
        """Everything in it that is shown."""
        said = (self.title, self.text, *self.alts, self.event, self.area, self.instruction)
        return [words for words in said if words]


def in_first_of(wanted: Iterable[str], renderings: Sequence[Rendering]) -> Rendering:
    """The one in the first of these languages that there is; else the first of all."""
    there = {one.language: one for one in reversed(renderings)}
    return next((there[code] for code in wanted if code in there), renderings[0])
