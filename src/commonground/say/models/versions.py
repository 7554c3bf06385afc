"""A post in another language, or for one area."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.channels.contract.rendering import Rendering
from commonground.kit.languages import name_of_language
from commonground.say.engine import versions as engine
from commonground.say.models.areas import Area
from commonground.say.models.posts import Post


class VersionQuerySet(models.QuerySet["Version"]):
    def general(self) -> Self:
        return self.filter(area=None)


class Version(models.Model):
    """Words of a post beside its main ones: in a language, for an area, or both."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    language = models.CharField(max_length=8)
    # An area that posts were written for stays.
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="versions"
    )
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    alts = models.JSONField(default=dict, blank=True)  # a picture's key, or "video" -> its words
    event = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=300, blank=True)
    instruction = models.TextField(max_length=2000, blank=True)
    # The main words as they were when somebody last held this version against them.
    held_against = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["area__name", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="version_once_a_language", fields=["post", "language"],
                condition=Q(area=None),
            ),
            models.UniqueConstraint(
                name="version_once_an_area", fields=["post", "language", "area"],
                condition=Q(area__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.post} ({self.language})"

    def get_absolute_url(self) -> str:
        return reverse("say:version", args=[self.post_id, self.pk])

    @property
    def name(self) -> str:
        """French; for the North; French for the North."""
        language = name_of_language(self.language).capitalize()
        if self.area is None:
            return language
        named = {"area": self.area.name, "language": language}
        if self.language == self.post.language:
            return _("For %(area)s") % named
        return _("%(language)s for %(area)s") % named

    @property
    def is_old(self) -> bool:
        """Whether the main words have changed since somebody held it against them."""
        return self.held_against != whole_of(self.post)

    def rendering(self, shown: list[str]) -> Rendering:
        """As it is read; `shown` are the keys of what the post shows: pictures, or the video."""
        alts = tuple(str(self.alts.get(key, "")) for key in shown)
        return Rendering(
            self.language, self.title, self.text, alts if any(alts) else (), self.event,
            self.place, self.instruction,
        )  # fmt: skip

    def as_version(self, shown: list[str]) -> engine.Version:
        return engine.Version(self.rendering(shown), str(self.area_id or ""))


def whole_of(post: Post) -> str:
    """The main words, as a version is held against them."""
    terms = post.alert_terms()
    said = [terms.event, terms.area, terms.instruction] if terms else []
    return "\n\n".join(words for words in (post.title, post.text, *said) if words)


def shown_by(post: Post) -> list[tuple[str, str]]:
    """What a post shows, each by its key, with its words in the main language."""
    pictures = post.pictures.order_by("place").values_list("pk", "alt")
    film = post.video_print()
    return [(str(pk), alt) for pk, alt in pictures] + ([("video", film[1])] if film else [])


def main_of(post: Post) -> engine.Version:
    """A post's own words: the first of its versions."""
    return engine.Version(Rendering(post.language, post.title, post.text))
