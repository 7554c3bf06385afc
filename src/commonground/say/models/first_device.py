"""From which device a post was let go."""

from __future__ import annotations

from django.db import models

from commonground.protect.models import Device
from commonground.say.models.posts import Post


class LetOutFrom(models.Model):
    """The device with which somebody said the last yes to a post, or let it go again."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="let_out_from")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+")
    held = models.BooleanField(default=False)  # because nobody had vouched for the device

    def __str__(self) -> str:
        return str(self.device)
