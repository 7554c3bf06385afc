"""Somebody's first drill: the desk made for it, and who they are on it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.train.models.drills import Drill, What


class FirstRun(models.Model):
    """A practice desk for one person. It is an agency that is a drill, like any desk for drills;
    there they are another member, who can do nothing on the real one, and cannot sign in."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="first_run")
    desk = models.OneToOneField(Agency, on_delete=models.CASCADE, related_name="first_run")
    twin = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="first_run_of")
    # The desk itself, as the second person who reads what they write.
    reader = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    drill = models.ForeignKey(Drill, on_delete=models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"first drill of {self.member}"

    @property
    def agency_id(self) -> object:
        return self.member.agency_id

    @property
    def is_over(self) -> bool:
        return bool(self.drill and self.drill.is_over)

    @property
    def has_spoken(self) -> bool:
        """Whether something of theirs went out in it."""
        return bool(self.drill and self.drill.happenings.filter(what=What.POST).exists())
