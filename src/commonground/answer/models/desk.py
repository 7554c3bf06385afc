"""What an agency promises to those who write to it, and the answers it has ready."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from commonground.agency.models import Agency
from commonground.answer.engine.targets import Hours, due


class Promise(models.Model):
    """Within which time somebody is answered. Urgent ones are counted by the clock, day and night;
    all others in office hours."""

    agency = models.OneToOneField(Agency, on_delete=models.CASCADE, related_name="promise")
    minutes = models.PositiveIntegerField(default=240)
    urgent_minutes = models.PositiveIntegerField(default=15)
    days = models.JSONField(default=list, blank=True)  # 0 is Monday; none: day and night
    opens = models.TimeField(default=time(8, 0))
    closes = models.TimeField(default=time(18, 0))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promise_is_of_some_time", condition=Q(minutes__gt=0, urgent_minutes__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"what {self.agency} promises"

    @property
    def hours(self) -> Hours | None:
        if not self.days:
            return None
        zone = ZoneInfo(self.agency.time_zone)
        return Hours(frozenset(self.days), self.opens, self.closes, zone)

    def due(self, at: datetime, *, urgent: bool) -> datetime:
        usual = due(at, self.minutes, self.hours)
        return min(usual, due(at, self.urgent_minutes, None)) if urgent else usual


class SavedAnswer(models.Model):
    """Words that are often right. Somebody reads them again each time."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="saved_answers")
    name = models.CharField(max_length=60)
    text = models.TextField(max_length=2000)
    language = models.CharField(max_length=8, default="en")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="saved_answer_named_once", fields=["agency", "name"])
        ]

    def __str__(self) -> str:
        return self.name
