"""The hard facts of a message: numbers, times, days, colours, streets. They are right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from commonground.learn.engine.wording import folded, stem

NUMBERS = {
    name: value
    for value, names in {
        2: "two deux", 3: "three trois", 4: "four quatre", 5: "five cinq", 6: "six",
        7: "seven sept", 8: "eight huit", 9: "nine neuf", 10: "ten dix",
        11: "eleven onze", 12: "twelve douze",
        20: "twenty vingt", 30: "thirty trente", 40: "forty quarante", 50: "fifty cinquante",
        60: "sixty soixante", 90: "ninety",
    }.items()
    for name in names.split()
}  # fmt: skip
WEEK = (
    "monday lundi", "tuesday mardi", "wednesday mercredi", "thursday jeudi", "friday vendredi",
    "saturday samedi", "sunday dimanche",
)  # fmt: skip
YEAR = (
    "january janvier", "february fevrier", "march mars", "april avril", "may mai", "june juin",
    "july juillet", "august aout", "september septembre", "october octobre", "november novembre",
    "december decembre",
)  # fmt: skip
DAYS = {name: n for n, names in enumerate(WEEK) for name in names.split()}
MONTHS = {name: n for n, names in enumerate(YEAR) for name in names.split()}
NO_MONTH = {"may", "march", "mars", "mai"}  # mostly something else
COLOURS = {
    name: row[0]
    for row in (
        ["red", "rouge"], ["blue", "bleu", "bleue"], ["green", "vert", "verte"],
        ["grey", "gray", "gris", "grise"], ["black", "noir", "noire"],
        ["yellow", "jaune"], ["brown", "brun", "brune"], ["orange"],
    )
    for name in row
}  # fmt: skip
PHONE = regex.compile(r"\b(?:\+?\d[\d\s.()]{0,8}-)?\d{3}-\d{4}\b|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b")
CLOCK = regex.compile(r"\b(\d{1,2})(?:[:.h]\d\d)?\s*(?:(a|p)\.?\s?m\b\.?|h\b|o'clock)")
NOON = regex.compile(r"\b(noon|midi)\b")
NAMED_WAY = regex.compile(
    r"\b(?!(?:the|a|this|of|la|le)\b)([a-z]+) (?:street|road|lane|avenue)\b"
    r"|\b(?:rue|chemin|boulevard) (?:de la |des |du |de |d')?([a-z]+)"
    r"|\b(?:route|highway|county road|tramway|line) (\d+)\b"
)
COUNTED = regex.compile(r"\b(\d+(?:[.,]\d+)*|[a-z]+)[\s%]+(?:of |a |the )?([a-z]+)?")


@dataclass(frozen=True, slots=True)
class Fact:
    """kind: what it can be wrong about. Two facts of one kind with other values disagree."""

    kind: str
    value: str


def facts_of(text: str) -> list[Fact]:
    plain = folded(text)
    found = []
    for match in PHONE.finditer(plain):
        found.append(Fact("telephone", regex.sub(r"\D", "", match.group())[-7:]))
    plain = PHONE.sub(" ", plain)
    for match in CLOCK.finditer(plain):
        later = 12 if match[2] == "p" and int(match[1]) < 12 else 0
        found.append(Fact("clock", str(int(match[1]) + later)))
    found += [Fact("clock", "12") for _ in NOON.finditer(plain)]
    plain = CLOCK.sub(" ", plain)
    for match in NAMED_WAY.finditer(plain):
        found.append(Fact("way", match[1] or match[2] or match[3]))
    return list(dict.fromkeys(found + named(plain) + counted(NAMED_WAY.sub(" ", plain))))


def named(plain: str) -> list[Fact]:
    """Days, months and colours."""
    found = []
    for word in regex.findall(r"[a-z]+", plain):
        if word in DAYS:
            found.append(Fact("day", str(DAYS[word])))
        elif word in MONTHS and word not in NO_MONTH:
            found.append(Fact("month", str(MONTHS[word])))
        elif word in COLOURS:
            found.append(Fact("colour", COLOURS[word]))
    return found


SINGLE = {"one", "une", "un", "a", "an"}
UNITS = {
    stem(name): unit
    for unit, names in {
        "minute": "minute minutes", "hour": "hour hours heure heures", "day": "day days jour jours",
        "metre": "metre metres meter meters", "centimetre": "centimetre centimetres cm",
        "percent": "percent cent", "degree": "degree degrees degres", "bag": "sandbags sacs bags",
    }.items()
    for name in names.split()
}  # fmt: skip


def counted(plain: str) -> list[Fact]:
    """Numbers with what they count; a bare number is a fact of its own kind. One minute is a
    fact, one neighbour is none."""
    found = []
    for match in COUNTED.finditer(plain, overlapped=True):
        unit = UNITS.get(stem(match[2]), "") if match[2] else ""
        value = number_in(match[1], bool(unit))
        if value:
            found.append(Fact(unit or "number", value))
    last = regex.search(r"(\d+)\W*\Z", plain)
    return found + ([Fact("number", last[1])] if last else [])


def number_in(word: str, with_unit: bool) -> str:
    if word[0].isdigit():
        return word.replace(",", "").removesuffix(".0")
    if with_unit and word in SINGLE:
        return "1"
    return str(NUMBERS[word]) if word in NUMBERS else ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of a message's facts: how many are said, and which are said otherwise."""

    said: int
    of: int
    otherwise: tuple[Fact, ...]

    @property
    def share(self) -> float:
        return self.said / self.of if self.of else 1.0


def agreement(message: Sequence[Fact], sentence: Sequence[Fact]) -> Agreement:
    """A fact is said when its value is, under whatever kind; it is said otherwise when a value of
    its kind is there, and it is not."""
    values = {fact.value for fact in sentence}
    missing = [fact for fact in message if fact.value not in values]
    own = {fact.value for fact in message}
    otherwise = tuple(
        fact
        for fact in sentence
        if fact.kind != "number"
        and fact.value not in own
        and any(lost.kind == fact.kind for lost in missing)
    )
    return Agreement(len(message) - len(missing), len(message), otherwise)
