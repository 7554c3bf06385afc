"""The log over all entries: where it ends, its tree, and what was published of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Head(models.Model):
    """The one row that says where the record ends. Whoever writes, locks it first.

    Locking the last entry instead would fork the log on PostgreSQL under READ COMMITTED:
    two writers may both see the same last entry.
    """

    count = models.PositiveBigIntegerField(default=0)
    asked = models.BooleanField(default=False)  # somebody should see a checkpoint at once
    epoch = models.PositiveIntegerField(default=1)  # raised when a record begins anew
    stopped = models.CharField(max_length=600, blank=True)  # why nothing may be written, if so
    checked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="record_has_one_head", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.count} entries"


class Tree(models.Model):
    """How many entries stand in the tiles. One row; whoever lets the tree grow, locks it."""

    size = models.PositiveBigIntegerField(default=0)
    indexed = models.PositiveBigIntegerField(default=0)  # entries that can be found by a word

    class Meta:
        constraints = [models.CheckConstraint(name="record_has_one_tree", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"a tree of {self.size}"


class Tile(models.Model):
    """Up to 256 hashes of the tree, side by side. It only ever gets longer."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "index"], name="tile_has_one_place")
        ]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class Checkpoint(models.Model):
    """What we signed and showed: so many entries, and the hash over them."""

    epoch = models.PositiveIntegerField(default=1)
    size = models.PositiveBigIntegerField()
    note = models.TextField()  # with the lines of whoever witnessed it
    at = models.DateTimeField(default=timezone.now)
    witnesses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["epoch", "size"], name="checkpoint_of_a_size_is_one")
        ]

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class Restored(models.Model):
    """A break that was owned up to: an older copy of the database took the place of a newer one."""

    epoch = models.PositiveIntegerField(unique=True)  # of the log that ended there
    lost = models.TextField()  # the last checkpoint of that log
    kept = models.PositiveBigIntegerField()  # how many entries the copy holds
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"log {self.epoch} ended"


class Reconciliation(models.Model):
    """An administrator signed in and asked to begin a new log after a loss; a second must agree."""

    asked_by = models.CharField(max_length=40)  # the key of a person
    asked_name = models.CharField(max_length=80)
    agency = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    lost = models.TextField(blank=True)  # the checkpoint that is owned up to
    at = models.DateTimeField(default=timezone.now)
    agreed_by = models.CharField(max_length=40, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reconciliation_takes_two",
                condition=Q(agreed_by="") | ~Q(agreed_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="reconciliation_done_was_agreed", condition=Q(done_at=None) | ~Q(agreed_by=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reason
