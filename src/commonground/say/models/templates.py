"""Texts prepared in quiet for a night that is not."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.say.engine.blanks import blanks_in


class Template(models.Model):
    """Words with blanks, written [[so]], that an author starts a post from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(max_length=60)
    language = models.CharField(max_length=8, default="en")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=20_000)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="template_named_once", fields=["agency", "name"])
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("say:template", args=[self.pk])

    @property
    def blanks(self) -> list[str]:
        return blanks_in(self.title, self.text)
