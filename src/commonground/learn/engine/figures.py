"""The numbers of a message with what they count, and where two messages give other numbers for the
same thing. It marks; which of them is right, people find out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import regex

from commonground.learn.engine.amounts import NAMED, amount_at, is_amount
from commonground.learn.engine.facts import DAYS, MONTHS, PHONE
from commonground.learn.engine.wording import SMALL, folded, stem

# What matters most in an incident, as the three languages of the desk say it. Who is counted
# ("3 people") gives way to what became of them ("3 people hurt").
BECAME = {
    "hurt": "hurt injured injuring injury injuries wounded casualty casualties blesse blesses"
    " blessee blessees herido heridos herida heridas lesionado lesionados",
    "dead": "dead killed killing died death deaths fatality fatalities mort morts morte mortes tue"
    " tues deces muerto muertos muerta muertas fallecido fallecidos",
    "missing": "missing disparu disparus disparue disparues desaparecido desaparecidos"
    " desaparecida desaparecidas",
    "evacuated": "evacuated evacuating evacue evacues evacuee evacuees evacuado evacuados evacuada"
    " evacuadas",
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
SPANISH_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
MONTH = f"(?:{'|'.join([*MONTHS, *SPANISH_MONTHS])})"
# What looks like a number of something and is none: hours, dates, telephones, shares, money.
NONE_OF_IT = regex.compile(
    PHONE.pattern + r"|\b\d{2,4}(?:[ .-]\d{2,4}){2,}\b"
    r"|\b\d{1,2}\s?[:h]\s?\d{2}\b|\b\d{1,2}\s?(?:[ap]\.\s?m\b\.?|am\b|pm\b|h\b)"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
    # "5 may be hurt" is no day of May.
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er)?(?: of| de)? {MONTH}\b(?! be\b| have\b| need\b)"
    rf"(?:,? (?:de )?\d{{4}}\b)?|\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?"
    r"|[$€£]\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:[%$€£]|per ?cent\b|pour cent\b|por ciento\b)"
)
IN_GROUPS = regex.compile(r"(?<=\b\d{1,3}(?: \d{3})*) (?=\d{3}\b)")  # 1 200 personnes
A_NAME = "|".join(ONE_NAME)
# All ways to say that there is none, as one word. "No" alone says it only of what became of them:
# in Spanish it is "not" as well.
NOBODY = regex.compile(
    r"\bno[ -]one\b|\bpersonne n(?:e\b|')|\bno hay\b|\b(?:nadie|aucune?|ningun[oa]?|zero|cero)\b"
    rf"|\b(?:no|sin|sans|pas de|pas d')(?= ?(?:{A_NAME})\b)"
)
CLAUSE = regex.compile(r"\n+|[.;:!?]+(?=\s|\Z)|,(?=\s)")
WORD = regex.compile(r"\d+(?:[.,]\d+)*|[a-z]+")
REACH = 4  # words after a number that can say what it counts
NO_THING = SMALL | DAYS.keys() | MONTHS.keys() | {"hay", "fue", "fueron", "los", "las", "del"}
BETWEEN = {"to", "or", "and", "a", "ou", "et", "o", "u", "y"}  # the two ends of a range
SUPPOSED = {"if", "si", "when", "quand", "lorsque", "cuando"}  # of one or none, it tells nothing
ASKED = {"should", "must", "may", "can", "will", "knows", "doit", "peut", "sait", "debe", "puede",
         "sabe"}  # fmt: skip
BY_NUMBER = {"engine", "unit", "ladder", "crew", "highway", "route", "exit", "code", "autoroute",
             "sortie", "unidad", "ruta", "salida"}  # fmt: skip
# What follows says of whom, not how many: a man of 45 who is hurt is no 45 people hurt.
MEASURED = (
    "year years an ans ano anos month months mois mes meses week weeks semaine semaines semana"
    " semanas day days jour jours dia dias hour hours heure heures hora horas minute minutes"
    " minuto minutos km kilometre kilometres kilometro kilometros metre metres meter meters metro"
    " metros mile miles degree degrees degres grados"
)
MEASURES = frozenset(MEASURED.split())


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts. what: a name of ours, or the stem of the noun; noun: as said."""

    value: str
    what: str
    noun: str = field(default="", compare=False)


def figures_of(text: str) -> list[Figure]:
    """Every number of a text that counts something, in the order it is said; nobody is 0.

    Times of day, telephone numbers, dates, shares and money count nothing; a number without a noun
    is left out. Both ends of a range are numbers of it.
    """
    plain = NOBODY.sub(" nobody ", IN_GROUPS.sub("", NONE_OF_IT.sub(" ", folded(text))))
    found = [figure for clause in CLAUSE.split(plain) for figure in counted_in(clause)]
    return list(dict.fromkeys(found))


def counted_in(clause: str) -> Iterator[Figure]:
    words = WORD.findall(clause)
    supposed = bool(SUPPOSED & {*words})
    n, ends = 0, list[str]()  # ends: numbers of a range whose noun is still to come
    while n < len(words):
        first, before = words[n], words[max(n - 1, 0) : n]
        value, taken = ("0", 1) if first == "nobody" else amount_at(words, n)
        n += taken or 1
        if not taken or BY_NUMBER & {*before}:
            continue
        after = words[n : n + REACH]
        if first == "nobody" or NAMED.get(first) == taken == 1:
            what, noun = ("", "") if supposed else of_one_or_none(value, after)
        else:
            what, noun = counted_by(after, before)
        if what:
            yield from (Figure(each, what, noun) for each in [*ends, value])
        ends = [*ends[-2:], value] if not what and is_first_end(after) else []


def is_first_end(after: Sequence[str]) -> bool:
    """Whether a number leads on to another: 3 to 5 people."""
    return any(is_amount(word) for word in after[: 2 if after and after[0] in BETWEEN else 1])


def of_one_or_none(value: str, after: Sequence[str]) -> tuple[str, str]:
    """What became of one, or of nobody. Both are mostly something else ("one of us", "une maison",
    "nobody knows"), so nothing but that counts."""
    if value == "1" and not (after and after[0] in ONE_NAME):
        return "", ""
    what, noun = counted_by(after, [])
    return (what, noun) if what in BECAME and not ASKED & {*after} else ("", "")


def counted_by(after: Sequence[str], before: Sequence[str]) -> tuple[str, str]:
    """What became of the people counted, if that is said, also before ("killed 3 people"); else
    the first noun, under its name and as said; "" where there is none. Another number ends it:
    what follows is counted by that one."""
    said = list(takewhile(lambda word: not is_amount(word), after))
    if said and said[0] in MEASURES:
        return stem(said[0]), said[0]
    names = [(ONE_NAME[word], word) for word in said if word in ONE_NAME]
    of_people = names if names and names[0][0] != "homes" else []
    if of_people and before and ONE_NAME.get(before[-1]) in BECAME:
        of_people = [*of_people, (ONE_NAME[before[-1]], before[-1])]
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
