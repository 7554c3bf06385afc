"""The numbers of a message with what they count, and where two messages give other numbers for the
same thing. It marks; which of them is right, people find out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import regex

from commonground.learn.engine.facts import DAYS, MONTHS, NUMBERS, PHONE, SINGLE
from commonground.learn.engine.wording import SMALL, folded, stem

# What matters most in an incident, as the three languages of the desk say it. Who is counted
# ("3 people") gives way to what became of them ("3 people hurt").
BECAME = {
    "hurt": "hurt injured wounded casualty casualties blesse blesses blessee blessees"
    " herido heridos herida heridas lesionado lesionados",
    "dead": "dead killed died deaths fatality fatalities mort morts morte mortes tue tues deces"
    " muerto muertos muerta muertas fallecido fallecidos",
    "missing": "missing disparu disparus disparue disparues desaparecido desaparecidos"
    " desaparecida desaparecidas",
    "evacuated": "evacuated evacue evacues evacuee evacuees evacuado evacuados evacuada evacuadas",
    "arrested": "arrested arrests arrete arretes arrestation arrestations detenido detenidos"
    " detenida detenidas",
}
COUNTED = {
    "people": "people persons person personne personnes gens habitants persona personas residents"
    " vecinos",
    "homes": "homes house houses home maison maisons logement logements casa casas vivienda"
    " viviendas",
}
ONE_NAME = {
    word: name for table in (BECAME, COUNTED) for name, words in table.items()
    for word in words.split()
}  # fmt: skip
SPANISH = {"dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "siete": 7, "ocho": 8, "nueve": 9,
           "diez": 10, "once": 11, "doce": 12, "veinte": 20, "treinta": 30}  # fmt: skip
CLAUSE = regex.compile(r"\n+|[.;:!?]+(?=\s|\Z)|,(?=\s)")
WORD = regex.compile(r"\d+(?:[.,]\d+)*|[a-z]+")
CLOCK = regex.compile(r"\b\d{1,2}\s?[:h]\s?\d{2}\b|\b\d{1,2}\s?(?:am|pm|h)\b")
REACH = 4  # words after a number that can say what it counts
NO_THING = SMALL | DAYS.keys() | MONTHS.keys() | {"hay", "fue", "fueron", "los", "las", "del"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts. what: a name of ours, or the stem of the noun; noun: as said."""

    value: str
    what: str
    noun: str = field(default="", compare=False)


def figures_of(text: str) -> list[Figure]:
    """Every number of a text that counts something, in the order it is said.

    Times of day, telephone numbers and dates count nothing; a number without a noun is left out.
    """
    plain = CLOCK.sub(" ", PHONE.sub(" ", folded(text)))
    found = []
    for clause in CLAUSE.split(plain):
        words = WORD.findall(clause)
        for n, word in enumerate(words):
            value = value_of(word)
            what, noun = counted_by(words[n + 1 : n + 1 + REACH]) if value else ("", "")
            if what:
                found.append(Figure(value, what, noun))
    return list(dict.fromkeys(found))


def value_of(word: str) -> str:
    """As digits; "" for what is no number, and for "one", which is mostly none."""
    if word[0].isdigit():
        return word.replace(",", "").replace(".", "") if len(word) > 4 else word.replace(",", ".")
    if word in SINGLE:
        return ""
    number = NUMBERS.get(word) or SPANISH.get(word)
    return str(number) if number else ""


def counted_by(after: Sequence[str]) -> tuple[str, str]:
    """What became of the people counted, if that is said; else the first noun, under its name and
    as said; "" where there is none. Another number ends it: what follows is counted by that one."""
    said = []
    for word in after:
        if value_of(word):
            break
        said.append(word)
    names = [(ONE_NAME[word], word) for word in said if word in ONE_NAME]
    of_people = names if names and names[0][0] != "homes" else []
    if became := next((pair for pair in of_people if pair[0] in BECAME), None):
        return became
    if names:
        return names[0]
    first = next((word for word in said[:2] if word not in NO_THING), "")
    return (stem(first), first) if first else ("", "")


@dataclass(frozen=True, slots=True)
class Statement[K]:
    """Something one agency says or will say. who: whose; key: for whoever asked; at: when, as
    seconds or any number that grows with time; waits: whether it still can be changed."""

    who: str
    key: K
    text: str
    at: float
    waits: bool


@dataclass(frozen=True, slots=True)
class Difference[K]:
    """One thing of which two agencies give other numbers, each with where it says so."""

    what: str
    noun: str
    one: tuple[Statement[K], tuple[str, ...]]
    other: tuple[Statement[K], tuple[str, ...]]


def differences[K](statements: Iterable[Statement[K]]) -> list[Difference[K]]:
    """Where two agencies are about to give, or give, other numbers for the same thing.

    Of each agency its latest word on a thing counts, for numbers change as an incident goes on: a
    word that still waits before any that is out. Two words agree as soon as they share a number.
    """
    nouns: dict[str, str] = {}
    latest: dict[str, dict[str, tuple[Statement[K], tuple[str, ...]]]] = {}
    for said in sorted(statements, key=lambda s: (s.waits, s.at)):
        values: dict[str, list[str]] = {}
        for figure in figures_of(said.text):
            values.setdefault(figure.what, []).append(figure.value)
            nouns[figure.what] = figure.noun
        for what, numbers in values.items():
            latest.setdefault(what, {})[said.who] = (said, tuple(numbers))
    found = []
    for what, by_agency in latest.items():
        rows = list(by_agency.values())
        found += [
            Difference(what, nouns[what], one, other)
            for n, one in enumerate(rows) for other in rows[n + 1 :]
            if not {*one[1]} & {*other[1]}
        ]  # fmt: skip
    return found
