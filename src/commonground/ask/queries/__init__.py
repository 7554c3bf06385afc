"""What the pages of ASK read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _, override

from commonground.agency.models import Agency
from commonground.ask.engine.following import here
from commonground.ask.engine.likeness import nearly_same, receptions
from commonground.ask.engine.receipts import path_of
from commonground.ask.models import (
    Ballot,
    Leaf,
    Picture,
    Question,
    Seal,
    Statement,
    Tier,
    Translation,
)
from commonground.ask.queries.saying import Said, said_in
from commonground.ask.queries.weighing import (
    margins_in_words as margins_in_words,
    weighed_of as weighed_of,
)
from commonground.ask.states import State, StatementState, TranslationState
from commonground.hear.engine.embedding import best_embedder

FEWEST = 10  # voters; of fewer nothing is shown at all
LOOKING_BACK = 20  # decisions from which we say how long one takes


def digest_of(question: Question) -> str:
    """The fingerprint of all that opens: what a second person read, and says yes to."""
    whole = {
        "word": question.word, "title": question.title, "purpose": question.purpose,
        "words": question.words, "languages": question.languages, "tiers": question.tiers,
        "welcome": question.welcome, "margins": question.margins,
        "opens_at": question.opens_at.isoformat() if question.opens_at else None,
        "closes_at": question.closes_at.isoformat() if question.closes_at else None,
        "statements": list(question.statements.values_list("number", "text")),
    }  # fmt: skip
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


# The public


def running(agency: Agency | None) -> QuerySet[Question]:
    """What the public may see, what runs first."""
    shown = Question.objects.shown().filter(agency=agency)
    return shown.select_related("agency").order_by("-state", "-asked_at")


def put_to_the_vote(question: Question, language: str) -> dict[int, Statement]:
    """The accepted statements by number, each with its checked translation if it has one."""
    checked = Translation.objects.filter(state=TranslationState.CHECKED, language=language)
    accepted = question.statements.filter(state=StatementState.ACCEPTED)
    rows = accepted.prefetch_related(Prefetch("translations", checked))
    return {s.number: s for s in rows}


def votes_of(ballot: Ballot | None) -> dict[int, int]:
    """The last vote on each statement, by its number."""
    if ballot is None:
        return {}
    rows = ballot.votes.order_by("pk").values_list("statement__number", "value")
    return dict(rows)


class Choice(NamedTuple):
    """An accepted statement, as far as choosing the next one must know it."""

    number: int
    key: UUID
    written_by: UUID | None


def choices_in(question: Question) -> list[Choice]:
    accepted = question.statements.filter(state=StatementState.ACCEPTED)
    return [Choice(*row) for row in accepted.values_list("number", "pk", "written_by_id")]


def next_for(
    person: str, choices: Sequence[Choice], voted: Mapping[int, int], seen: Mapping[str, int],
    not_for: Sequence[object] = (),
) -> int | None:  # fmt: skip
    """The statement fewest people have voted on; among equals each person meets another first.

    In simulations no cleverer order found the ground sooner (docs/explanation/common-ground.md).
    """
    left = [c for c in choices if c.number not in voted and c.written_by not in (*not_for,)]
    first = min(left, key=lambda c: (seen.get(str(c.number), 0), draw_of(person, c)), default=None)
    return first.number if first else None


def one_said(question: Question, number: int, language: str) -> Said:
    """One statement, in a language if it has a checked translation."""
    statement = question.statements.get(number=number)
    if language == statement.language:
        return Said(number, statement.text, language)
    checked = Translation.objects.filter(state=TranslationState.CHECKED, language=language)
    prefetch_related_objects([statement], Prefetch("translations", checked))
    return said_in(language, statement)


def draw_of(person: str, choice: Choice) -> str:
    return sha256(f"{person}{choice.key}".encode()).hexdigest()


def seen_in(question: Question, tier: str) -> dict[str, int]:
    """How many had voted on each statement when the picture was drawn; the picture stays where
    it is, for it is large."""
    rows = question.pictures.filter(tier=tier).values_list("told__seen", flat=True)
    return rows.first() or {}


def shown_picture(question: Question, asked: str) -> tuple[str, Picture | None]:
    """The picture of the tier asked for; else of the strongest that ten people voted in."""
    drawn = {p.tier: p for p in question.pictures.all()}
    offered = [t for t in Tier.values if t in question.tiers]
    enough = [t for t in offered if t in drawn and drawn[t].voters >= FEWEST]
    tier = asked if asked in offered else (enough or offered or [Tier.OPEN])[0]
    return tier, drawn.get(tier)


@dataclass(frozen=True, slots=True)
class Bar:
    """One group's answer to one statement, as counts and as widths of a bar in per cent."""

    letter: str
    counts: Sequence[int] | None  # disagree, not sure, agree

    @property
    def people(self) -> int:
        return sum(self.counts or ())

    @property
    def percent(self) -> list[int]:
        """Disagree, not sure, agree; they make a hundred."""
        disagree, unsure, agree = self.counts or (0, 0, 0)
        n = max(self.people, 1)
        shares = [round(100 * disagree / n), 0, round(100 * agree / n)]
        shares[1] = 100 - shares[0] - shares[2] if unsure else 0
        return shares

    @property
    def agree(self) -> int:
        return self.percent[2]

    @property
    def disagree(self) -> int:
        return self.percent[0]

    @property
    def unsure(self) -> int:
        return self.percent[1]

    @property
    def agree_from(self) -> int:
        return 100 - self.agree


@dataclass(frozen=True, slots=True)
class Row:
    """A statement with one bar for everybody, or one for each group."""

    said: Said
    bars: Sequence[Bar]
    mine: int | None


def rows_of(
    numbers: Sequence[str], picture: Picture, statements: Mapping[int, Statement], language: str,
    voted: Mapping[int, int],
) -> list[Row]:  # fmt: skip
    """The statements of a list that are still put to the vote."""
    stable = picture.told.get("stable")
    rows = []
    for number in numbers:
        statement = statements.get(int(number))
        if statement is None:
            continue
        groups = picture.told["groups"].get(number, []) if stable else []
        bars = [Bar(letter(g), counts) for g, counts in enumerate(groups)]
        bars = bars or [Bar("", picture.told["all"].get(number))]
        rows.append(Row(said_in(language, statement), bars, voted.get(statement.number)))
    return rows


def turned_down(rows: Sequence[Row]) -> list[Row]:
    """Of these, what more than half of every group disagree with."""
    return [row for row in rows if all(bar.disagree > 50 for bar in row.bars if bar.counts)]


def letter(number: int) -> str:
    return "ABCDEFGH"[number]


def stand_of(voted: Mapping[int, int], picture: Picture) -> tuple[int, int] | None:
    """Where on the map somebody with these votes stands."""
    return here({str(n): v for n, v in voted.items()}, picture.told)


def wait_for_a_decision(question: Question) -> timedelta | None:
    """How long a moderator has lately taken: the middle of the last twenty."""
    rows = question.statements.filter(written_by=None, decided_at__isnull=False)
    times = rows.order_by("-decided_at").values_list("sent_at", "decided_at")[:LOOKING_BACK]
    took = sorted(decided - sent for sent, decided in times if decided)
    return took[len(took) // 2] if took else None


# Receipts


def receipt_of(ballot: Ballot) -> dict[str, Any] | None:
    """What proves that a ballot lies under an entry of the record; None before the next seal."""
    leaf = Leaf.objects.filter(ballot=ballot).select_related("seal").order_by("-pk").first()
    if leaf is None:
        return None
    leaves = list(leaf.seal.leaves.order_by("place").values_list("digest", flat=True))
    cast = ballot.votes.order_by("pk").values_list("statement__number", "value")[: leaf.cast]
    return {
        "question": ballot.question.word, "salt": ballot.salt,
        "votes": {str(n): v for n, v in cast}, "entry": leaf.seal.entry, "at": leaf.seal.at,
        "path": path_of(leaves, leaf.place), "root": leaf.seal.root,
    }  # fmt: skip


def seals_of(question: Question) -> list[dict[str, Any]]:
    rows = Seal.objects.filter(question=question).order_by("entry")
    return [{"entry": s.entry, "root": s.root, "ballots": s.ballots, "at": s.at} for s in rows]


# The desk


def our_questions(agency: Agency) -> QuerySet[Question]:
    waiting = Q(statements__state=StatementState.WAITING)
    rows = Question.objects.filter(agency=agency).select_related("agency", "asked_by")
    return rows.annotate(
        waiting=Count("statements", filter=waiting, distinct=True)
    ).prefetch_related("pictures")


def our_question(agency: Agency, question_id: UUID) -> Question | None:
    rows = Question.objects.filter(agency=agency).select_related("agency", "asked_by")
    return rows.prefetch_related("pictures").filter(pk=question_id).first()


def our_statements(agency: Agency) -> QuerySet[Statement]:
    rows = Statement.objects.filter(question__agency=agency)
    return rows.select_related("question__agency", "written_by", "decided_by", "merged_into")


def counts_of(question: Question) -> list[tuple[str, int, int]]:
    """Voters and votes in each tier: with code, with address, open."""
    drawn = {p.tier: p for p in question.pictures.all()}
    return [
        (
            str(Tier(t).label),
            drawn[t].voters if t in drawn else 0,
            drawn[t].votes if t in drawn else 0,
        )
        for t in Tier.values
        if t in question.tiers
    ]


def queue_of(question: Question) -> list[tuple[Statement, list[Statement]]]:
    """What waits for a moderator, longest first, each with those that may say the same."""
    rows = list(question.statements.select_related("written_by").prefetch_related("translations"))
    accepted = {s.number: s for s in rows if s.state == StatementState.ACCEPTED}
    texts = {n: s.text for n, s in accepted.items()}
    waiting = sorted(
        (s for s in rows if s.state == StatementState.WAITING), key=lambda s: s.sent_at
    )
    embedder = best_embedder() if waiting and accepted else None
    return [
        (s, [accepted[n] for n in nearly_same(s.text, texts, embedder)] if embedder else [])
        for s in waiting
    ]


def words_for_a_post(question: Question) -> str:
    """A draft from what was found: what people share, what was decided, where it stands."""
    _tier, picture = shown_picture(question, "")
    statements = put_to_the_vote(question, question.language)
    shared = (picture.told.get("shared", []) if picture and picture.voters >= FEWEST else [])[:3]
    with override(question.language):
        lines = [f"“{s.text}”" for n in shared if (s := statements.get(int(n)))]
        said = [_("You told us where you meet:"), *lines] if lines else []
        if question.state == State.PUBLISHED:
            said += [question.decided, question.why]
        address = public_address(question)
        return "\n".join([*said, f"{_('All of it:')} {address}"])


def public_address(question: Question) -> str:
    """What stands on the poster, and in the QR code."""
    return question.agency.site + reverse("asked:question", args=[question.word])


def on_a_poster(question: Question) -> str:
    """The same without what nobody types."""
    return public_address(question).partition("://")[2].rstrip("/")


def latest_picture(agency: Agency) -> Picture | None:
    """Of the newest question in which at least ten people voted, in its strongest tier."""
    rows = Picture.objects.filter(question__agency=agency, voters__gte=FEWEST)
    order = {tier: place for place, tier in enumerate(Tier.values)}
    newest = rows.select_related("question").order_by("-question__asked_at").first()
    if newest is None:
        return None
    return min(rows.filter(question=newest.question), key=lambda p: order[p.tier])


def bridging_of(agency: Agency, text: str) -> dict[str, Any]:
    """How the groups of the newest question took statements like these sentences."""
    picture = latest_picture(agency)
    if picture is None:
        return {"question": None, "found": []}
    statements = put_to_the_vote(picture.question, "")
    told, stable = picture.told, picture.told["stable"]
    cells = told["groups"] if stable else {n: [counts] for n, counts in told["all"].items()}
    counts = {int(n): found for n, found in cells.items()}
    texts = {n: s.text for n, s in statements.items() if n in counts}
    found = receptions(text, texts, counts, best_embedder())
    letters = "ABCDEFGH" if stable else [""]
    return {
        "question": picture.question, "stable": stable, "tier": Tier(picture.tier),
        "found": [
            (r, statements[r.number], list(zip(letters, r.takes, strict=False))) for r in found
        ],
    }  # fmt: skip
