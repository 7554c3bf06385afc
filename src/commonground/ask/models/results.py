"""What the votes come to, and what proves that they were counted."""

from __future__ import annotations

from django.db import models

from commonground.ask.models.questions import Ballot, Question, Tier


class Picture(models.Model):
    """What the votes of one tier come to just now, in sums of ten people and more.

    Drawn from the votes alone, so it may be thrown away at any time.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="pictures")
    tier = models.CharField(max_length=10, choices=Tier.choices)
    at = models.DateTimeField()
    voters = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    whole = models.BooleanField(default=False)  # every vote is in it, and nothing is approximate
    told = models.JSONField(default=dict)
    weighed = models.JSONField(null=True)  # once, after closing: see ask.engine.weighing

    class Meta:
        constraints = [models.UniqueConstraint(name="picture_once", fields=["question", "tier"])]

    def __str__(self) -> str:
        return f"{self.question_id}, {self.tier}"


class Seal(models.Model):
    """One entry of the record that answers for many ballots at once."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="seals")
    entry = models.PositiveBigIntegerField(unique=True)  # its number in the record
    root = models.CharField(max_length=64)
    ballots = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["entry"]

    def __str__(self) -> str:
        return f"entry {self.entry}"


class Leaf(models.Model):
    """A ballot's place under a seal, and how many of its votes were in it then."""

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="leaves")
    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="leaves")
    place = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    cast = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="leaf_placed_once", fields=["seal", "place"])]

    def __str__(self) -> str:
        return self.digest[:12]
