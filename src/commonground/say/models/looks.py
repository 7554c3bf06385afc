"""What our pictures look like, so that one can be found by a copy of it."""

from __future__ import annotations

from django.db import models


class Look(models.Model):
    """The perceptual hash of one picture of ours, by the digest of its bytes."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    print = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.sha256[:12]
