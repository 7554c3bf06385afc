"""A question in a small city, and the people who vote on it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.ask import actions, http, queries, tasks
from commonground.ask.engine.marks import mark
from commonground.ask.engine.work import HARDNESS, digest_of
from commonground.ask.models import Ballot, Question, Vote

SEEDS = [f"Statement {n} about the harbour at night." for n in range(1, 13)]


def a_draft(*, by=None, seeds=SEEDS, **but) -> Question:
    by = by or given.a_member()
    number = next(given.number)
    fields = {
        "word": f"harbour-{number}", "title": f"How should we police the harbour? {number}",
        "purpose": "The night plan is made in May. You say what must be in it.",
        "languages": ["en", "fr", "es"], "tiers": ["open"], **but,
    }  # fmt: skip
    return actions.draft(by.agency, seeds=seeds, by=by, **fields)


def a_question(**but) -> Question:
    """An open one."""
    question = a_draft(**but)
    second = given.a_member(agency=question.agency, roles=["approver"])
    return actions.open(question, read=queries.digest_of(question), by=second)


def a_moderator(question):
    return given.a_member(agency=question.agency, roles=["approver"])


def a_ballot(question, tier="open", who=None) -> Ballot:
    who = who or str(next(given.number))
    return Ballot.objects.create(
        question=question, tier=tier, person=mark(question.secret, tier, who)
    )


def cast(ballot, votes):
    """Votes by statement number."""
    statements = {s.number: s for s in ballot.question.statements.select_related("question")}
    for number, value in votes.items():
        actions.vote(ballot, statements[number], value)


def many_votes(question, *, voters=60, tier="open", seed=0, apart=True):
    """Two camps that disagree about the first eight statements and share the rest."""
    rng = np.random.default_rng(seed)
    numbers = list(question.statements.order_by("number").values_list("number", "pk"))
    ballots = Ballot.objects.bulk_create(
        Ballot(question=question, tier=tier, person=f"{tier}-{seed}-{n}") for n in range(voters)
    )
    rows = []
    for n, ballot in enumerate(ballots):
        side = 1 if n % 2 else -1
        for number, pk in numbers:
            lean = side if apart and number <= 8 else 1
            value = int(lean if rng.random() < 0.9 else -lean)
            rows.append(Vote(ballot=ballot, statement_id=pk, value=value))
        ballot.cast = len(numbers)
    Vote.objects.bulk_create(rows)
    Ballot.objects.bulk_update(ballots, ["cast"])
    tasks.WATCHED.clear()
    return ballots


def drawn(question):
    """The pictures of all its tiers, drawn now."""
    tasks.WATCHED.clear()
    return tasks.pictured(question)


def worked(begin) -> str:
    """What the page's script finds."""
    tries = range(HARDNESS)
    return str(next(n for n in tries if digest_of(begin["salt"], n) == begin["goal"]))


class Visitor:
    """A browser at a question's pages."""

    def __init__(self, question, *, address="203.0.113.7", works=True):
        self.client = Client(REMOTE_ADDR=address)
        self.question, self.works = question, works
        self.at = f"/ask/{question.word}/"

    def look(self, path="", **asked):
        return self.client.get(self.at + path, asked)

    def vote(self, value=1, number=None, **more):
        """Answer the statement on the page, with what the page's form carries."""
        context = self.look().context
        typed = {"vote": str(value), "statement": number or context["said"].number, **more}
        if begin := context["begin"]:
            typed["start"] = begin["start"]
            typed["work"] = worked(begin) if self.works else ""
        return self.client.post(f"{self.at}vote/", typed)

    def send(self, path, **typed):
        return self.client.post(f"{self.at}{path}", typed)

    @property
    def ballot(self):
        request = self.client.request().wsgi_request
        request.COOKIES = {k: v.value for k, v in self.client.cookies.items()}
        return http.ballot_of(request, self.question)


def later(**time):
    return timezone.now() + timedelta(**time)
