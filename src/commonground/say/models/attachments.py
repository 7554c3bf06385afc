"""The pictures of a post."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import Q

from commonground.say.models.posts import Post


class Attachment(models.Model):
    """A picture of a post: re-encoded by us, with the words for people who cannot see it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="pictures")
    place = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(max_length=1500)
    # What is covered in `content`: left, top, width, height, in thousandths (engine/covering).
    boxes = models.JSONField(default=list, blank=True)
    # What must stay in sight where it is cropped, in thousandths from the left and the top.
    focus_x = models.PositiveSmallIntegerField(default=500)
    focus_y = models.PositiveSmallIntegerField(default=500)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(name="picture_has_words", condition=~Q(alt="")),
            models.CheckConstraint(
                name="picture_focus_is_inside",
                condition=Q(focus_x__lte=1000, focus_y__lte=1000),
            ),
        ]

    def __str__(self) -> str:
        return self.alt[:60]

    def show(self, content: bytes, kind: str, boxes: list[list[int]]) -> None:
        """Other pixels from now on, with these parts covered."""
        self.content, self.type, self.boxes = content, kind, boxes
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.save()
