"""What the networks share that are tables of this desk, and no foreign server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from django.db import Error, models
from django.db.models import Q

from commonground.channels import engine
from commonground.channels.contract import Busy, Picture, Unsure


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
