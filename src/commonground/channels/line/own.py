"""What the networks share that are tables of this desk, and no foreign server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import Error, models
from django.db.models import Q
from django.utils.functional import cached_property

from commonground.channels import engine
from commonground.channels.contract import Busy, Picture, Unsure
from commonground.channels.contract.rendering import Rendering, in_first_of
from commonground.kit.sites import own_site, site_called


@contextmanager
def database(trouble: type[Busy | Unsure]) -> Iterator[None]:
    """A database that fails while it writes may have written: only looking can tell. One that
    fails while it reads did nothing."""
    try:
        yield
    except Error as error:
        raise trouble("Our own database did not answer.") from error


def new_name(at: datetime) -> str:
    """The name of something we publish ourselves, in the order of time."""
    return engine.name_for(at, secrets.randbelow(1 << 30))


def site_of(channel_id: object) -> str:
    """Where the public finds what this channel publishes: at its agency's own address."""
    return site_called(slug_of(str(channel_id))) if settings.PUBLIC_SITES else own_site()


@lru_cache(maxsize=4096)
def slug_of(channel_id: str) -> str:
    """Whose the channel is. Neither ever changes."""
    channel = apps.get_model("commonground_channels", "Channel")
    slugs = channel.objects.filter(pk=channel_id).values_list("agency__slug", flat=True)
    return str(slugs.first() or "")


class InLanguages(models.Model):
    """Something we publish ourselves, in all its languages at one place.

    Beside `also` its table has a title, a text, a language, and pictures.
    """

    title: Any
    text: Any
    language: Any
    pictures: Any

    also = models.JSONField(default=list, blank=True)  # rows of a Rendering, beside its own words

    class Meta:
        abstract = True

    @cached_property
    def renderings(self) -> list[Rendering]:
        """All of them, the one it was published in first."""
        return [self.as_published(), *map(Rendering.of, self.also)]

    def as_published(self) -> Rendering:
        alts = tuple(picture.alt for picture in self.pictures_at_hand)
        return Rendering(self.language, self.title, self.text, alts)

    @property
    def pictures_at_hand(self) -> list[Any]:
        """Where nobody fetched them nobody shows them, and their words are not asked for."""
        fetched = getattr(self, "_prefetched_objects_cache", {})
        return list(fetched.get("pictures", []))

    @property
    def languages(self) -> list[str]:
        """Those it can be read in, the one it was published in first."""
        return [one.language for one in self.renderings] if self.also else [self.language]

    def speak(self, *wanted: str) -> Self:
        """Read from here on as in the first of these languages that it has, else as it was
        published. For showing it; what was so read must not be saved."""
        if not self.also:
            return self
        said = in_first_of(wanted, self.renderings)
        self.title, self.text, self.language = said.title, said.text, said.language
        for picture, words in zip(self.pictures_at_hand, said.alts, strict=False):
            picture.alt = words or picture.alt
        return self


class ShownPicture(models.Model):
    """A picture of something we publish ourselves, and the words for people who cannot see it."""

    place = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    type = models.CharField(max_length=20)
    alt = models.CharField(max_length=1500)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ["place"]
        constraints = [models.CheckConstraint(name="%(class)s_has_words", condition=~Q(alt=""))]

    def __str__(self) -> str:
        return self.alt[:60]

    @classmethod
    def of(cls, place: int, picture: Picture, **owner: models.Model) -> Self:
        return cls(
            place=place, content=picture.content, type=picture.type, alt=picture.alt,
            width=picture.width, height=picture.height, **owner,
        )  # fmt: skip
