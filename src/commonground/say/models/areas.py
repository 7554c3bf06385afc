"""Areas the agency speaks for apart: what fills the blanks there, and which channels are theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from commonground.agency.models import Agency
from commonground.channels.models import Channel
from commonground.say.engine.versions import Facts, Known


class Area(models.Model):
    """A division, a station's ground, a town: with the words that are its own.

    One of an agency's is `everywhere`: it fills the blanks where no area is meant.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="areas")
    name = models.CharField(max_length=60)
    everywhere = models.BooleanField(default=False)
    facts = models.JSONField(default=list)  # rows of a blank, a language or "", and its words

    class Meta:
        ordering: ClassVar = ["-everywhere", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="area_named_once", fields=["agency", "name"]),
            models.UniqueConstraint(
                name="area_everywhere_once", fields=["agency"], condition=Q(everywhere=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("say:area", args=[self.pk])

    @property
    def by_language(self) -> Facts:
        found: dict[str, dict[str, str]] = {}
        for blank, language, words in self.facts:
            found.setdefault(language, {})[blank] = words
        return found


class Voice(models.Model):
    """That a channel speaks for an area. It speaks for one, or everybody would read it twice."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="voice_of")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="voices")

    def __str__(self) -> str:
        return f"{self.channel} for {self.area}"


def known_of(areas: Iterable[Area]) -> Known:
    """What fills blanks, of areas whose rows are there already."""
    rows = list(areas)
    general = next((row.by_language for row in rows if row.everywhere), {})
    return Known({str(row.pk): row.by_language for row in rows if not row.everywhere}, general)
