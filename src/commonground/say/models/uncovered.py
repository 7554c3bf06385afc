"""What a picture was before parts of it were covered, for as long as its author may change that."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commonground.kit.sealed import SealedJSONField
from commonground.say.models.attachments import Attachment
from commonground.say.states import State

# A draft that nobody touched for a month is not a place to keep faces in.
KEPT_FOR = timedelta(days=30)


class UncoveredQuerySet(models.QuerySet["Uncovered"]):
    def done_with(self, now: datetime) -> Self:
        """Those nobody may need any more: the post is out, or put away, or was left lying."""
        ended = Q(picture__post__state__in=[State.PUBLISHED, State.WITHDRAWN])
        return self.filter(ended | Q(picture__post__changed_at__lt=now - KEPT_FOR))


class Uncovered(models.Model):
    """The whole picture, already without its hidden notes; sealed, and never published."""

    picture = models.OneToOneField(
        Attachment, on_delete=models.CASCADE, primary_key=True, related_name="uncovered"
    )
    sealed = SealedJSONField()
    made_at = models.DateTimeField(default=timezone.now)

    objects = UncoveredQuerySet.as_manager()

    def __str__(self) -> str:
        return f"what is covered in {self.picture_id}"

    @classmethod
    def of(cls, picture: Attachment) -> Self:
        held = {"content": base64.b64encode(picture.content).decode(), "type": picture.type}
        return cls(picture=picture, sealed=held)

    @property
    def content(self) -> bytes:
        return base64.b64decode(self.sealed["content"])

    @property
    def type(self) -> str:
        return str(self.sealed["type"])
