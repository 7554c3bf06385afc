"""What the clock does in ASK: pictures of the votes, seals, closing times, and forgetting."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from commonground.ask import actions
from commonground.ask.engine.following import Following
from commonground.ask.engine.pace import Pace
from commonground.ask.models import Ballot, Question, Vote
from commonground.ask.states import State, StatementState
from commonground.kit.clock import every
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


@every(0.4)  # a hall that looks on sees its votes within a second
def draw_pictures() -> None:
    """The groups and their ground, anew wherever votes have come."""
    asked = Question.objects.exclude(state__in=[State.DRAFT, State.PUBLISHED])
    for question in asked.filter(ballots__isnull=False).distinct():
        for tier in question.tiers:
            draw(question, tier)


def draw(question: Question, tier: str) -> None:
    """Read what is new, and draw it: settled when its pace says so, else from where it was."""
    watched = watch(question, tier)
    now = timezone.now()
    fresh = watched.take(new_votes(question, tier, watched.read_to), now)
    if watched.following is None:
        return
    began = time.monotonic()
    if watched.pace.due(watched.votes, began) or (question.closed_at and unsettled(watched)):
        told, whole = watched.following.settle(), True
        ended = time.monotonic()
        watched.pace.settled(watched.votes, ended, ended - began)
    elif fresh:
        told, whole = watched.following.refresh(), False
    else:
        return
    ballots = watched.following.live.ballots
    actions.draw(
        question, tier, voters=ballots.shape[0], votes=len(ballots.votes), whole=whole, told=told
    )


def unsettled(watched: Watched) -> bool:
    return watched.pace.votes != watched.votes


def watch(question: Question, tier: str) -> Watched:
    """What we have in memory; from the beginning where statements were taken out of the vote, or
    put back into it."""
    accepted = question.statements.filter(state=StatementState.ACCEPTED)
    statements = frozenset(accepted.values_list("number", flat=True))
    watched = WATCHED.get((question.pk, tier))
    if watched is None or watched.statements - statements or watched.skipped & statements:
        watched = WATCHED[question.pk, tier] = Watched(statements)
    watched.statements = statements
    return watched


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
    return {p.tier: p.told for p in question.pictures.all()}
