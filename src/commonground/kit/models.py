"""What the desk itself must remember, whoever runs it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from commonground.kit.sealed import SealedJSONField


class LastingSecret(models.Model):
    """Chance that stays the same when the seal key is changed: marks and the log's own key are
    made from it. Drawn once, when the database is made; sealed like all else."""

    name = models.CharField(max_length=20, unique=True)
    value = SealedJSONField(row=("name",))
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Remembered(models.Model):
    """What all processes of the desk must know for a while: see kit.cache.

    Its name is a digest under a key of ours, for a name holds whom it is about.
    """

    name = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    until = models.DateTimeField(null=True, db_index=True)  # None: for ever

    def __str__(self) -> str:
        return self.name


class Round(models.Model):
    """How one chore of the clock last went, in whichever worker: see kit.rounds."""

    chore = models.CharField(max_length=120, unique=True)
    seconds = models.FloatField(default=0)  # how often it is due
    ended_at = models.DateTimeField(null=True)
    took = models.FloatField(default=0)  # seconds
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveBigIntegerField(default=0)
    trouble = models.CharField(max_length=80, blank=True)  # what kind of error, never its words

    def __str__(self) -> str:
        return self.chore


class AtWork(models.Model):
    """A process that says every few seconds that it lives. One that went leaves no row."""

    kind = models.CharField(max_length=20)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="at_work_is_one_process", fields=["kind", "host", "pid"])
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.host}:{self.pid}"
