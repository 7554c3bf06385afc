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
