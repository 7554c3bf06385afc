"""What the desk of a drill hears meanwhile, and recordings that an agency brought for it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.train.models.drills import Drill


class Recording(models.Model):
    """A real stream, reduced before it was written down: no author, no address, no raw id.

    It is there for one drill, and for a week if none is held.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="recordings")
    name = models.CharField(max_length=80)
    posts = models.BinaryField()  # as engine.recording packs them
    count = models.PositiveIntegerField()
    minutes = models.FloatField()  # from its first post to its last
    skipped = models.JSONField(default=dict)  # why -> [how many lines, the first of them]
    added_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    delete_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def lines_skipped(self) -> list[dict[str, Any]]:
        """Why lines were passed over, how many, and the numbers of the first; most first."""
        rows = [{"why": why, "many": n, "first": first} for why, (n, first) in self.skipped.items()]
        return sorted(rows, key=lambda row: -int(row["many"]))


class Hearing(models.Model):
    """How far the desk of a drill has heard, and which process is its ear: only one can be, for
    what is usual is known to whoever heard all of it."""

    drill = models.OneToOneField(Drill, on_delete=models.CASCADE, related_name="hearing")
    recording = models.ForeignKey(
        Recording, on_delete=models.SET_NULL, null=True, related_name="hearings"
    )
    heard_to = models.FloatField(default=0.0)  # seconds from the drill's minute 0
    items = models.PositiveIntegerField(default=0)
    ear = models.CharField(max_length=32, blank=True)
    ear_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"what {self.drill} hears"
