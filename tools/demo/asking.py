"""What the demo's police asks its public, and some hundred invented ballots, so that common ground
can be seen at once.

    python -m tools.demo.asking [--voters 320]

Run as a process of its own, with the demo's settings in its environment. The votes are drawn by
chance with a fixed seed, in both tiers, and stand for nobody.
"""

from __future__ import annotations

import argparse
import os
import tomllib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")

import django

django.setup()

import numpy as np
from django.db import transaction
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.ask import actions, queries, tasks
from commonground.ask.models import Ballot, Question, Vote

WORDS = Path(__file__).parent / "question.toml"
SEED = 20260501
TELL, AGES = 0.6, (0.5, 0.35, 0.15)  # who says how old they are, and how old those are
UNSURE, SEEN = 0.08, 0.75  # the share of "not sure", and of statements somebody answers
CODES = 40


def ask(agency: Agency) -> Question:
    """The question, opened by a second person, with its French checked by a third."""
    told = tomllib.loads(WORDS.read_text())
    author, boss = in_role(agency, "author"), in_role(agency, "approver")
    question = actions.draft(
        agency, by=author, seeds=[s["text"] for s in told["statement"]], word=told["word"],
        title=told["title"], purpose=told["purpose"].strip(), languages=["en", "fr"],
        words=told["words"], margins=told["margin"],
        tiers=["resident", "open"], closes_at=timezone.now() + timedelta(days=21),
    )  # fmt: skip
    question = actions.open(question, read=queries.digest_of(question), by=boss)
    for statement, row in zip(question.statements.all(), told["statement"], strict=True):
        made = actions.translate(statement, language="fr", text=row["fr"], by=author)
        actions.vouch(made, by=boss)
    actions.make_codes(question, many=CODES, by=boss)
    return question


def in_role(agency: Agency, role: str) -> Member:
    held = agency.members.filter(is_active=True, role_rows__role=role)
    return next(m for m in held.order_by("name") if m.certified())


@transaction.atomic
def answer(question: Question, *, voters: int, tier: str, seed: int) -> None:
    """So many ballots of two camps, each of which leans as the file says."""
    chance = np.random.default_rng(seed)
    leans = np.array([s["lean"] for s in tomllib.loads(WORDS.read_text())["statement"]])
    statements = list(question.statements.order_by("number"))
    ballots = Ballot.objects.bulk_create(
        Ballot(
            question=question, tier=tier, person=f"invented-{tier}-{n}",
            traits=[int(chance.choice(3, p=AGES))] if chance.random() < TELL else None,
        )
        for n in range(voters)
    )  # fmt: skip
    votes = [
        Vote(ballot=ballot, statement=statement, value=value)
        for ballot in ballots
        for statement, value in said(statements, leans[:, chance.integers(2)], chance)
    ]
    Vote.objects.bulk_create(votes)
    cast = Counter(vote.ballot_id for vote in votes)
    for ballot in ballots:
        ballot.cast = cast[ballot.pk]
    Ballot.objects.bulk_update(ballots, ["cast"])


def said(statements: list[Any], leans: Any, chance: Any) -> list[tuple[Any, int]]:
    """What one person answers, on the statements they come to."""
    found = []
    for statement, lean in zip(statements, leans, strict=True):
        if chance.random() < SEEN:
            agrees = chance.random() < (1 + lean) / 2
            unsure = chance.random() < UNSURE
            found.append((statement, 0 if unsure else 1 if agrees else -1))
    return found


def send(question: Question) -> None:
    """Three statements of residents that wait for a moderator, one of them said before."""
    (first,) = question.ballots.filter(tier="open").order_by("pk")[:1]
    for text in (
        "Officers on the quays should walk instead of driving past.",
        "The ferry terminal needs a toilet that is open at night.",
        "Close the bars on Wednesdays, some of us work in the morning.",
    ):
        actions.send_statement(first, question, text=text, language="en", address="203.0.113.9")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--voters", type=int, default=320)
    voters = asked.parse_args().voters
    question = ask(Agency.objects.get(drill=False))
    answer(question, voters=voters, tier="open", seed=SEED)
    answer(question, voters=voters // 8, tier="resident", seed=SEED + 1)
    send(question)
    tasks.pictured(question)
    tasks.seal_ballots()


if __name__ == "__main__":
    main()
