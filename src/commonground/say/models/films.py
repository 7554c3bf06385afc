"""A video of a post: made anew by us, with captions and the words for those who cannot see it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commonground.channels.contract import Film
from commonground.say.models.posts import Post


class Video(models.Model):
    """What a post shows instead of pictures."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="video")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    seconds = models.FloatField()
    alt = models.CharField(max_length=1500)
    captions = models.TextField()  # WebVTT, as engine/captions writes it
    language = models.CharField(max_length=8)  # of the captions

    class Meta:
        constraints = [
            models.CheckConstraint(name="video_has_words", condition=~Q(alt="")),
            models.CheckConstraint(name="video_has_captions", condition=~Q(captions="")),
        ]

    def __str__(self) -> str:
        return self.alt[:60]

    @property
    def film(self) -> Film:
        return Film(
            bytes(self.content), self.type, self.alt, self.width, self.height, self.seconds,
            self.captions, self.language,
        )  # fmt: skip

    @property
    def spoken(self) -> str:
        """All that is said in it, to be read before it is approved."""
        return Film(b"", self.type, self.alt, 0, 0, 0, self.captions, self.language).spoken
