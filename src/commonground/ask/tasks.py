"""What the clock does in ASK: pictures of the votes, seals, closing times, and forgetting."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from commonground.ask import actions
from commonground.ask.engine.ballots import gathered
from commonground.ask.engine.following import Following, settled
from commonground.ask.engine.pace import Pace
from commonground.ask.engine.weighing import weighed
from commonground.ask.models import PROVEN, Ballot, Picture, Question, Vote
from commonground.ask.states import State, StatementState
from commonground.kit.clock import Lane, every
from commonground.kit.refusals import MovedOn

type Row = tuple[int, int, int, int]  # the vote's number, its ballot, its statement, its value

# A vote written by a slow transaction appears behind later ones: so far back we look again.
LOOK_BACK = timedelta(seconds=15)


@dataclass
class Watched:
    """The votes of one tier of one question, as this worker has them in memory.

    All of it comes from the tables: a worker that starts anew reads them once and goes on.
    """

    statements: frozenset[int]
    skipped: set[int] = field(default_factory=set)  # statements whose votes were passed over
    following: Following | None = None
    pace: Pace = field(default_factory=Pace)
    seen: dict[int, datetime] = field(default_factory=dict)  # lately read votes, by number
    read_to: datetime | None = None
    votes: int = 0
    lock: Lock = field(default_factory=Lock)  # held by whoever reads or draws, not while settling

    def take(self, rows: Sequence[tuple[Row, datetime]], now: datetime) -> bool:
        """Take in votes not seen yet; whether there were any."""
        fresh = [row for row, _ in rows if row[0] not in self.seen and row[2] in self.statements]
        self.skipped |= {row[2] for row, _ in rows} - self.statements
        self.seen |= {row[0]: at for row, at in rows}
        self.seen = {n: at for n, at in self.seen.items() if at > now - 2 * LOOK_BACK}
        self.read_to, self.votes = now, self.votes + len(fresh)
        if not fresh:
            return False
        _, voters, statements, values = zip(*fresh, strict=True)
        if self.following is None:
            self.following = Following(voters, statements, values)
        else:
            self.following.add(zip(voters, statements, values, strict=True))
        return True


WATCHED: dict[tuple[UUID, str], Watched] = {}


@every(0.4, Lane.ALONE)  # a hall that looks on sees its votes within a second
def draw_pictures() -> None:
    """Counts and groups anew wherever votes have come, from where they were."""
    for question, tier in watched_now():
        draw(question, tier)


@every(0.5)
def settle_pictures() -> None:
    """Groups, order and stability anew, at the pace the machine allows. Apart from the counts:
    with a quarter of a million votes this takes seconds, and the counts go on meanwhile."""
    for question, tier in watched_now():
        settle(question, tier)


def watched_now() -> list[tuple[Question, str]]:
    asked = Question.objects.exclude(state__in=[State.DRAFT, State.PUBLISHED])
    voted_on = asked.filter(ballots__isnull=False).distinct()
    return [(question, tier) for question in voted_on for tier in question.tiers]


def draw(question: Question, tier: str) -> None:
    """Read what is new, and draw it. What was never settled waits for that."""
    watched = watch(question, tier)
    with watched.lock:
        now = timezone.now()
        fresh = watched.take(new_votes(question, tier, watched.read_to), now)
        following = watched.following
        if fresh and following and following.finding:
            keep(question, tier, following, following.refresh(), whole=False)


def settle(question: Question, tier: str) -> None:
    """Everything anew, if its pace says so; after closing, until every vote is in it."""
    watched = watch(question, tier)
    began = time.monotonic()
    with watched.lock:
        votes, following = watched.votes, watched.following
        waits = votes != watched.pace.votes
        due = watched.pace.due(votes, began) or (question.closed_at is not None and waits)
        if following is None or not due:
            return
        ballots = following.snapshot()
    whole = settled(ballots)
    ended = time.monotonic()
    with watched.lock:
        watched.pace.settled(votes, ended, ended - began)
        if WATCHED.get((question.pk, tier)) is watched:  # else a statement left the vote meanwhile
            picture = following.adopt(whole)
            keep(question, tier, following, picture, whole=votes == watched.votes)


def keep(
    question: Question, tier: str, following: Following, told: dict[str, Any], *, whole: bool
) -> None:
    ballots = following.live.ballots
    voters, votes = ballots.shape[0], len(ballots.votes)
    actions.draw(question, tier, voters=voters, votes=votes, whole=whole, told=told)


@every(20)
def weigh_what_is_over() -> None:
    """Once, after closing: a picture that changed with each newcomer would give them away."""
    for question in Question.objects.to_weigh():
        for picture in question.pictures.filter(weighed__isnull=True, tier__in=PROVEN):
            weigh(question, picture)


def weigh(question: Question, picture: Picture) -> None:
    rows = new_votes(question, picture.tier, None)
    kept = voted_on(question)
    votes = [row for row, _at in rows if row[2] in kept]
    if not votes:  # every statement was taken out of the vote
        return
    held = question.ballots.filter(tier=picture.tier).exclude(traits="")
    traits: dict[int, Any] = {b.pk: b.traits for b in held.only("salt", "traits")}
    _numbers, voters, statements, values = zip(*votes, strict=True)
    ballots = gathered(voters, statements, values)
    shares = weighed(ballots, traits, [m["shares"] for m in question.margins])
    actions.weigh(picture, shares)


def watch(question: Question, tier: str) -> Watched:
    """What we have in memory; from the beginning where statements were taken out of the vote, or
    put back into it."""
    statements = voted_on(question)
    watched = WATCHED.get((question.pk, tier))
    if watched is None or watched.statements - statements or watched.skipped & statements:
        watched = WATCHED[question.pk, tier] = Watched(statements)
    watched.statements = statements
    return watched


def voted_on(question: Question) -> frozenset[int]:
    accepted = question.statements.filter(state=StatementState.ACCEPTED)
    return frozenset(accepted.values_list("number", flat=True))


def new_votes(question: Question, tier: str, since: datetime | None) -> list[tuple[Row, datetime]]:
    rows = Vote.objects.filter(ballot__question=question, ballot__tier=tier)
    if since:
        rows = rows.filter(at__gte=since - LOOK_BACK)
    found = rows.order_by("pk").values_list("pk", "ballot_id", "statement__number", "value", "at")
    return [((pk, ballot, number, value), at) for pk, ballot, number, value, at in found]


@every(60)
def seal_ballots() -> None:
    """Put every ballot that changed under a seal of the record."""
    changed = Ballot.objects.exclude(cast=F("sealed")).values("question")
    for question in Question.objects.filter(pk__in=changed):
        while actions.seal(question):
            pass


@every(20)
def end_what_is_over() -> None:
    for question in Question.objects.over():
        try:
            actions.end(question)
        except MovedOn:
            continue  # a person closed it in this very second


@every(3600)
def forget() -> None:
    """What may not be kept: networks after 48 hours, keys 30 days after closing."""
    actions.forget_networks()
    for question in Question.objects.with_keys_to_forget():
        actions.forget_key(question)


def pictured(question: Question) -> dict[str, Any]:
    """Draw every tier now; for the demo, and for tests that do not wait for the clock."""
    for tier in question.tiers:
        draw(question, tier)
        settle(question, tier)
    return {p.tier: p.told for p in question.pictures.all()}
