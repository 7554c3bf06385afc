"""Ballots in the record: one entry answers for all that changed since the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from commonground.ask.engine.receipts import leaf_of, root_of
from commonground.ask.models import Ballot, Leaf, Picture, Question, Seal, Vote
from commonground.record.actions import THE_DESK, witness

AT_ONCE = 1000  # ballots under one seal: they cannot be voted on while it is made


@transaction.atomic
def seal(question: Question) -> Seal | None:
    """Answer, in the record, for every ballot that changed since the last seal."""
    changed = question.ballots.exclude(cast=F("sealed")).order_by("pk")
    ballots = list(changed.select_for_update()[:AT_ONCE])
    if not ballots:
        return None
    said = last_votes(ballots)
    leaves = [leaf_of(b.salt, said[b.pk]) for b in ballots]
    root = root_of(leaves)
    entry = witness("seal", question, by=THE_DESK, root=root, ballots=len(ballots))
    made = Seal.objects.create(
        question=question, entry=entry.number, root=root, ballots=len(ballots), at=entry.at
    )
    Leaf.objects.bulk_create(
        Leaf(seal=made, ballot=b, place=place, digest=leaf, cast=b.cast)
        for place, (b, leaf) in enumerate(zip(ballots, leaves, strict=True))
    )
    Ballot.objects.filter(pk__in=[b.pk for b in ballots]).update(sealed=F("cast"))
    return made


def last_votes(ballots: Sequence[Ballot]) -> dict[int, dict[str, int]]:
    """Each ballot's last vote on every statement, by the statement's number."""
    said: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Vote.objects.filter(ballot__in=[b.pk for b in ballots]).order_by("pk")
    for ballot, number, value in rows.values_list("ballot_id", "statement__number", "value"):
        said[ballot][str(number)] = value
    return said


def weigh(picture: Picture, shares: dict[str, Any]) -> None:
    """Keep the weighed shares of a question that is over. They are told once and stay."""
    Picture.objects.filter(pk=picture.pk, weighed__isnull=True).update(weighed=shares)


def draw(
    question: Question, tier: str, *, voters: int, votes: int, whole: bool, told: dict[str, Any]
) -> None:
    """Keep what the votes of a tier come to just now. It follows from them, so the record, which
    holds the ballots, need not hold it."""
    Picture.objects.update_or_create(
        question=question, tier=tier,
        defaults={
            "at": timezone.now(), "voters": voters, "votes": votes, "whole": whole, "told": told
        },
    )  # fmt: skip
