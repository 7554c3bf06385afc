"""The cards of links: what a page says of itself, and what we say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commonground.channels.contract import LinkCard, Network, Picture
from commonground.say.engine.fit import links
from commonground.spot.models import Resource

if TYPE_CHECKING:
    from commonground.say.models.posts import Post


class Card(models.Model):
    """What a link of a post shows of its page. Kept with the post: what was approved is sent,
    whatever becomes of the page."""

    post = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="cards")
    url = models.CharField(max_length=2000)
    # What goes out: the page's own words, until the author writes others.
    title = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=300, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    page_about = models.CharField(max_length=300, blank=True)
    # Its picture, re-encoded by us like every other one.
    content = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64, blank=True)
    type = models.CharField(max_length=20, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    pictured = models.BooleanField(default=True)  # whether the picture goes along
    left_out = models.BooleanField(default=False)  # the author wants no card of this link
    led_to = models.CharField(max_length=255, blank=True)  # another host that the link sent us to
    trouble = models.CharField(max_length=200, blank=True)  # why the page could not be read
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="card_once_a_link", fields=["post", "url"]),
            models.CheckConstraint(
                name="card_picture_has_its_print",
                condition=Q(sha256="", width=0) | ~Q(sha256="") & Q(width__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    @classmethod
    def of_resource(cls, resource: Resource) -> Self:
        """Of a page that people of the agency vetted: their words, and never another's."""
        return cls(url=resource.url, title=resource.name, about=resource.about[:200])

    @property
    def host(self) -> str:
        """Where it really leads, whatever else its address says."""
        return host_of(self.url)

    @property
    def goes_out(self) -> bool:
        return bool(self.title) and not self.left_out

    @property
    def has_picture(self) -> bool:
        return bool(self.sha256) and self.pictured

    @property
    def is_rewritten(self) -> bool:
        """Whether its author says other words than the page."""
        return (self.title, self.about) != (self.page_title, self.page_about)

    @property
    def print(self) -> list[str]:
        """What an approver reads of it."""
        return [self.url, self.title, self.about, *([self.sha256] if self.has_picture else [])]

    def as_shown_on(self, kind: Network) -> LinkCard:
        """As a network is told of it. One that reads pages by itself only needs the address."""
        seen = None
        if kind.card_pictures and self.has_picture:
            seen = Picture(bytes(self.content), self.type, "", self.width, self.height)
        return LinkCard(self.url, self.title, self.about, seen)


@dataclass(frozen=True)
class Shelf:
    """The cards a post has at hand: of pages that were read for it, and of vetted resources."""

    cards: dict[str, Card] = field(default_factory=dict)

    @classmethod
    def of(cls, post: Post) -> Self:
        # The pictures are large, and most who ask for cards want their words.
        read = post.cards.defer("content")
        return cls.holding(read, post.resources.all())

    @classmethod
    def holding(cls, read: Iterable[Card], vetted: Iterable[Resource]) -> Self:
        known = {r.url: Card.of_resource(r) for r in vetted if r.url}
        return cls(known | {card.url: card for card in read if card.title or card.left_out})

    def card_in(self, text: str) -> Card | None:
        """That of the first link that has one."""
        found = (self.cards.get(link) for link in links(text))
        return next((card for card in found if card and card.goes_out), None)

    def first_link_in(self, text: str) -> Card | None:
        """Of the link that networks look at which read pages by themselves: the first. Where
        nobody read it yet, no more than its address is known."""
        first = next(iter(links(text)), None)
        if first is None:
            return None
        return self.cards.get(first) or Card(url=first)

    def shown_on(self, kind: Network, text: str) -> LinkCard | None:
        """What a network is told of the link in these words, if anything."""
        card = self.first_link_in(text) if kind.reads_pages else self.card_in(text)
        return card.as_shown_on(kind) if card and not card.left_out else None

    def print_of(self, text: str) -> list[str]:
        """What an approver reads of the links in these words: the card, or that one is left out."""
        card = self.card_in(text)
        without = [u for u in links(text) if u in self.cards and self.cards[u].left_out]
        return [*(card.print if card else []), *without]


def host_of(url: str) -> str:
    """The host of an address as machines read it: in plain letters, whatever it looks like."""
    try:
        host = urlsplit(url).hostname or ""
        return host.encode("idna").decode() if not host.isascii() else host
    except (ValueError, UnicodeError):
        return ""
