"""The coach: what a draft should not say, and how it would be heard better.

`coach` gives at most three remarks, hard stops first, and two figures. It is pure: the same
text, with the same things known about it, always gets the same remarks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from commonground.say.engine.coach.choosing import chosen
from commonground.say.engine.coach.disguise import disguised
from commonground.say.engine.coach.helpfulness import Help, unhelpful
from commonground.say.engine.coach.justice import unjust
from commonground.say.engine.coach.plainness import NAMES, grade, hard_to_take_in
from commonground.say.engine.coach.reading import Reading, spoken
from commonground.say.engine.coach.receptiveness import (
    Seen,
    reasons,
    receptive,
    see,
    spoken_of,
    unreceptive,
)
from commonground.say.engine.coach.remarks import Found, Remark, rules
from commonground.say.engine.coach.risk import LONGEST_TEXT, get_ready, stops_in

__all__ = ["Advice", "Help", "Known", "Remark", "coach", "coach_all", "get_ready", "hard_stops"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the text. `numbers` are the telephone numbers we publish."""

    numbers: frozenset[str] = frozenset()
    pictures: tuple[str, ...] = ()  # the words of each picture
    help: Help = field(default_factory=Help)


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Advice:
    """`receptiveness` is a z-score (0 the middle of the rated texts); `grade` years of school."""

    language: str
    remarks: tuple[Remark, ...]
    receptiveness: float
    grade: float
    reasons: tuple[dict[str, Any], ...] = ()

    @property
    def stops(self) -> tuple[Remark, ...]:
        return tuple(r for r in self.remarks if r.hard)

    def as_dict(self) -> dict[str, Any]:
        return {
            "language": self.language,
            "remarks": [r.as_dict() for r in self.remarks],
            "receptiveness": self.receptiveness,
            "grade": self.grade,
            "reasons": list(self.reasons),
        }


def coach(
    text: str, language: str | None = None, known: Known = NOTHING, speak: str | None = None
) -> Advice:
    """Remarks on a text. `language` is found out when not given; `speak` is the reader's own.

    Source of each rule: `rests_on` in words/remarks.toml. Never raises for any text.
    """
    text = text[:LONGEST_TEXT]
    reading = Reading(text, language)
    told = spoken(speak) or reading.language
    seen = see(reading)
    score = receptive(reading, seen)
    found = chosen(everything(reading, known, spoken(language), seen, score))
    return Advice(
        language=reading.language,
        remarks=tuple(rules()[f.rule].remark(text, worded(f, told), told) for f in found),
        receptiveness=score,
        grade=grade(reading),
        reasons=tuple(reasons(reading, seen)),
    )


def coach_all(text: str, language: str | None = None, known: Known = NOTHING) -> list[Found]:
    """Everything found, not only what would be shown: for measuring."""
    reading = Reading(text[:LONGEST_TEXT], language)
    seen = see(reading)
    return list(everything(reading, known, spoken(language), seen, receptive(reading, seen)))


def hard_stops(text: str, language: str | None, known: Known, speak: str) -> list[Remark]:
    """Only what may not go out, each rule once, however many."""
    reading = Reading(text[:LONGEST_TEXT], language)
    once: dict[str, Found] = {}
    for found in stops_in(reading, known.numbers):
        once.setdefault(found.rule, found)
    told = spoken(speak) or reading.language
    return [
        rules()[f.rule].remark(reading.text, f, told)
        for f in sorted(once.values(), key=lambda f: rules()[f.rule].rank)
    ]


def everything(
    reading: Reading, known: Known, marked: str | None, seen: Seen, score: float
) -> Iterable[Found]:
    yield from stops_in(reading, known.numbers)
    yield from disguised(reading)
    if not reading.spoken_words:
        return
    yield from unhelpful(reading, known.help)
    yield from unreceptive(reading, seen, score)
    yield from unjust(reading)
    yield from hard_to_take_in(reading, known.pictures, marked)


def worded(found: Found, speak: str) -> Found:
    """Names of languages and features in the language the remark is spoken in."""
    named = dict(found.named)
    if found.rule == "other_language":
        named = {key: NAMES[speak][code] for key, code in named.items()}
    if found.rule == "unreceptive":
        known = spoken_of()[named["feature"]][speak]
        named |= {"feature": known["name"], "better": known["better"]}
    return Found(found.rule, found.start, found.end, found.weight, tuple(named.items()))
