"""A post offered to the agency's other accounts, and what became of each offer."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.say.models.posts import Post


class EchoCall(models.Model):
    """An offer to pass a post on. Nobody has to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="echo_calls")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="echo_call")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.post)


class Echo(models.Model):
    """One member's offer. Who said no is nobody's business, so the record does not hold it."""

    call = models.ForeignKey(EchoCall, on_delete=models.CASCADE, related_name="echoes")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="echoes")
    post = models.OneToOneField(Post, models.PROTECT, null=True, related_name="echo")
    declined_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "echoes"
        constraints: ClassVar = [
            models.UniqueConstraint(name="echo_once_a_member", fields=["call", "member"]),
            models.CheckConstraint(
                name="echo_not_both_taken_and_declined",
                condition=Q(post=None) | Q(declined_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.call)
