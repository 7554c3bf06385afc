"""What is asked in a round, in which words, and what rounds say side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _, pgettext

from commonground.agency.models import Agency
from commonground.kit.charts import Range
from commonground.kit.languages import name_of_language
from commonground.learn.engine.census import AREA, LANGUAGE
from commonground.learn.engine.pulse import SCORES
from commonground.learn.engine.trend import Dot, drawn, line
from commonground.learn.models import Census, Kind, Pulse
from commonground.learn.states import PulseState
from commonground.record.models import Entry, name_of

LINES = len(SCORES) + 6  # four sentences, five answers, and "I would rather not say"
SPOKEN = tuple(code for code, _name in settings.LANGUAGES)  # by this product itself


def rounds_of(agency: Agency) -> QuerySet[Pulse]:
    return agency.pulses.select_related("census", "asked_by", "agency")


def our_pulse(agency: Agency, pulse_id: UUID) -> Pulse | None:
    return rounds_of(agency).filter(pk=pulse_id).first()


def census_of(agency: Agency) -> Census | None:
    """The one that is used: the newest."""
    return agency.censuses.select_related("brought_by").first()


def public_rounds(agency: Agency) -> QuerySet[Pulse]:
    return Pulse.objects.shown().filter(agency=agency).select_related("census", "agency")


def running_round(agency: Agency) -> Pulse | None:
    return next((p for p in public_rounds(agency).filter(state=PulseState.OPEN) if p.running), None)


def digest_of_pulse(pulse: Pulse) -> str:
    """A fingerprint of all that will be asked, for whoever says yes to it."""
    lines = [in_words(pulse, code).lines for code in pulse.languages]
    asked = [pulse.word, pulse.languages, pulse.words, pulse.kinds, pulse.closes_at.isoformat(),
             pulse.census.sha256, lines]  # fmt: skip
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def public_address(pulse: Pulse) -> str:
    return pulse.agency.site + reverse("public:pulse", args=[pulse.word])


@dataclass(frozen=True)
class Words:
    """What is asked, in one language: four sentences, five answers, and the way out of each."""

    language: str
    sentences: list[str]
    answers: list[str]  # from "not at all" to "fully"
    no_answer: str

    @property
    def lines(self) -> list[str]:
        return [*self.sentences, *self.answers, self.no_answer]


def in_words(pulse: Pulse, language: str) -> Words:
    """In a language that the desk speaks or that the agency wrote; else in English."""
    lines = pulse.words.get(language)
    if lines and len(lines) == LINES:
        four = len(SCORES)
        return Words(language, lines[:four], lines[four:-1], lines[-1])
    spoken = language if language in SPOKEN else "en"
    with translation.override(spoken):
        name = {"agency": pulse.agency.name}
        return Words(
            spoken,
            [
                _("I feel safe where I live."),
                _("%(agency)s treats people fairly, whoever they are.") % name,
                _("%(agency)s treats people with respect.") % name,
                _("%(agency)s listens to people before it decides.") % name,
            ],
            [
                _("I do not agree at all"), _("I rather disagree"), _("Neither"),
                _("I rather agree"), _("I fully agree"),
            ],
            _("I would rather not say"),
        )  # fmt: skip


def names_of_scores() -> list[str]:
    """The four scores in a word each."""
    return [
        pgettext("score", "Safety"), pgettext("score", "Fairness"), pgettext("score", "Respect"),
        pgettext("score", "Voice"),
    ]  # fmt: skip


def traits_in(census: Census, language: str) -> list[tuple[str, list[str]]]:
    """What people may tell of themselves, and the answers, in a language."""
    return [trait_in(trait, language) for trait in census.traits]


def trait_in(trait: dict[str, Any], language: str) -> tuple[str, list[str]]:
    said = trait["words"].get(language)
    name, classes = (said[0], said[1:]) if said else (trait["name"], trait["classes"])
    if said:
        return name, classes
    if trait["name"] == AREA:
        return _("Where you live"), classes
    if trait["name"] == LANGUAGE:
        named = [name_of_language(code, own=True).capitalize() for code in classes]
        return _("The language you speak most at home"), named
    return name, classes


def label_of(trait: dict[str, Any], language: str) -> tuple[str, list[str]]:
    """The same as a table heads it."""
    name, classes = trait_in(trait, language)
    known = {AREA: _("By area"), LANGUAGE: _("By language")}
    return known.get(trait["name"], name), classes


# What rounds say


@dataclass(frozen=True)
class Line:
    """One round of one score."""

    pulse: Pulse
    told: dict[str, Any] | None  # score: mean, low, high, people, design_effect
    agree: dict[str, Any] | None


@dataclass(frozen=True)
class Score:
    """One score through all rounds, the oldest first, and its drawing."""

    key: str
    name: str
    language: str
    sentence: str
    lines: list[Line]
    dots: list[Dot]
    path: str

    @property
    def newest(self) -> Line:
        return self.lines[-1]


def counted_rounds(agency: Agency) -> list[Pulse]:
    """The oldest first."""
    rounds = public_rounds(agency).filter(state=PulseState.COUNTED)
    return list(rounds.order_by("closed_at"))


def is_told(pulse: Pulse) -> bool:
    """Whether enough answered with a code for anything to be told."""
    return not pulse.figures.get(Kind.CODE, {"few": True})["few"]


def scores_of(rounds: Sequence[Pulse], language: str) -> list[Score]:
    """What each score was in each round that can be told."""
    told = [pulse for pulse in rounds if is_told(pulse)]
    if not told:
        return []
    words = in_words(told[-1], language)
    out = []
    for key, name, sentence in zip(SCORES, names_of_scores(), words.sentences, strict=True):
        found = [(p, p.figures[Kind.CODE]["scores"][key]) for p in told]
        lines = [Line(p, one["score"], one["agree"]) for p, one in found]
        dots = drawn([
            (day(one.pulse), one.told["mean"], one.told["low"], one.told["high"])
            for one in lines if one.told
        ])  # fmt: skip
        out.append(Score(key, name, words.language, sentence, lines, dots, line(dots)))
    return out


def day(pulse: Pulse) -> str:
    return f"{pulse.closed_at:%Y-%m-%d}" if pulse.closed_at else ""


def ranges_of(scores: Sequence[Score]) -> list[Range]:
    """The newest round, as marks on a bar."""
    return [
        Range(score.name, told["mean"] / 100, told["low"] / 100, told["high"] / 100)
        for score in scores
        if (told := score.newest.told)
    ]


@dataclass(frozen=True)
class Group:
    """One trait of a round: by answer the four scores, None where it is not told."""

    name: str
    rows: list[tuple[str, list[dict[str, Any] | None]]]

    @property
    def hides(self) -> bool:
        return any(cell is None for _name, cells in self.rows for cell in cells)


def groups_of(pulse: Pulse, language: str) -> list[Group]:
    if not is_told(pulse):
        return []
    scores = pulse.figures[Kind.CODE]["scores"]
    out = []
    for at, trait in enumerate(pulse.census.traits):
        name, classes = label_of(trait, language)
        rows = [
            (said, [scores[key]["groups"][at][n] for key in SCORES])
            for n, said in enumerate(classes)
        ]
        out.append(Group(name, rows))
    return out


def absent_in(pulse: Pulse, language: str) -> list[str]:
    """Answers of the census that nobody gave: for these people the round does not speak."""
    if not is_told(pulse):
        return []
    absent = pulse.figures[Kind.CODE]["absent"]
    traits = traits_in(pulse.census, language)
    return [classes[n] for (_n, classes), gone in zip(traits, absent, strict=True) for n in gone]


def seal_of(pulse: Pulse) -> int | None:
    """The number of the entry that holds the digest of its figures."""
    rows = Entry.objects.filter(verb="count", subject=name_of(pulse))
    return rows.values_list("number", flat=True).first()


def as_document(pulse: Pulse) -> dict[str, Any]:
    """All that is told of a round, for machines. Single answers are told to nobody."""
    return {
        "word": pulse.word, "opened": pulse.opened_at, "closed": pulse.closed_at,
        "counted": pulse.counted_at, "invited_with_codes": pulse.invited,
        "asked_in": pulse.languages, "sentences": in_words(pulse, pulse.language).sentences,
        "census": {"source": pulse.census.source, "sha256": pulse.census.sha256,
                   "traits": pulse.census.traits},
        "figures": pulse.figures, "sha256_of_figures": pulse.sha256,
        "entry_of_the_record": seal_of(pulse),
    }  # fmt: skip
