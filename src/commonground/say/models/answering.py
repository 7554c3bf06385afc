"""What a post of ours answers: somebody's own post on one network."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import models

from commonground.channels.contract import Receipt
from commonground.channels.models import Channel
from commonground.kit.sealed import SealedJSONField
from commonground.say.models.posts import Post


class Answered(models.Model):
    """A resident's post that a post of ours stands beneath. What and who it is is sealed."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="answered")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    # {"id", "url", "handle", "text"}
    said: models.Field[Any, Any] = SealedJSONField(row=("post",), default=dict)

    def __str__(self) -> str:
        return f"what {self.post} answers"

    @property
    def receipt(self) -> Receipt:
        return Receipt(str(self.said["id"]), str(self.said["url"]))


def print_of(channel: Channel, said: dict[str, str]) -> str:
    """What an approval of an answer is also an approval of: beneath whose words it stands."""
    whole = json.dumps([str(channel.pk), said["id"], said["text"]])
    return hashlib.sha256(whole.encode()).hexdigest()
