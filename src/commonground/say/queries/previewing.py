"""What each channel's readers would see, before they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from commonground.channels.contract import Limits
from commonground.channels.models import Channel
from commonground.say.engine.fit import Fit, cut, fit, links
from commonground.say.engine.words import Words
from commonground.say.models import Card, Delivery, Post, Shelf, Variant, parts_on


@dataclass(frozen=True, slots=True)
class Part:
    """One post as it will stand: what fits, what would be lost, and the card of its link."""

    shown: str
    lost: str
    measured: Fit
    links: Sequence[str]
    card: Card | None = None

    @property
    def over(self) -> int:
        return max(-self.measured.left, 0)


@dataclass(frozen=True, slots=True)
class Preview:
    """All that one channel's readers would see: one post, or the parts of a thread."""

    channel: Channel
    title: str
    parts: Sequence[Part]
    detached: bool
    boosts: Delivery | None = None  # what the network's own button passes on, if that is all

    @property
    def limits(self) -> Limits:
        return self.channel.kind.limits

    @property
    def headline(self) -> str:
        return self.title if self.channel.kind.headline else ""

    @property
    def is_thread(self) -> bool:
        return len(self.parts) > 1

    @property
    def could_be_thread(self) -> bool:
        """Too long as it stands, on a network where it could be parted."""
        too_long = any(part.measured.why in ("long", "bytes") for part in self.parts)
        return self.channel.kind.threads and not self.is_thread and too_long


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the words: pictures or a video, and the cards of links."""

    pictured: bool
    shelf: Shelf

    @classmethod
    def of(cls, post: Post) -> Beside:
        pictured = post.pictures.exists() or bool(post.video_print())
        return cls(pictured, Shelf.of(post))

    def card(self, text: str, channel: Channel, *, first: bool) -> Card | None:
        """Ours, or what a network will make of the page by itself. Pictures, and a video, take
        the place of a card; they go with the first part."""
        if first and self.pictured:
            return None
        if channel.kind.reads_pages:
            return self.shelf.first_link_in(text)
        return self.shelf.card_in(text) if channel.kind.cards else None


def preview(
    channel: Channel, title: str, text: str, *, parting: str, detached: bool, beside: Beside
) -> Preview:
    parts = parts_on(channel, text, parting)
    shown = [part(channel, text, beside, first=n == 0) for n, text in enumerate(parts)]
    return Preview(channel, title, shown, detached)


def part(channel: Channel, text: str, beside: Beside, *, first: bool) -> Part:
    limits = channel.kind.limits
    shown, lost = cut(text, limits)
    card = beside.card(text, channel, first=first)
    return Part(shown, lost, fit(text, limits), links(text), card)


def passed_on(variant: Variant) -> Preview:
    """The post of another account of ours, as it stands, and nothing beside it."""
    shown = Part(variant.text, "", fit(variant.text, variant.channel.kind.limits), [])
    return Preview(variant.channel, "", [shown], False, variant.boosts)


def boosts_of(post: Post) -> dict[UUID, Variant]:
    rows = post.variants.exclude(boosts=None)
    rows = rows.select_related("channel", "boosts__variant__channel")
    return {variant.channel_id: variant for variant in rows}


def previews_of(post: Post) -> list[Preview]:
    """As saved."""
    beside, boosts = Beside.of(post), boosts_of(post)
    return [
        passed_on(boosts[v.channel_id])
        if v.boosts_id
        else preview(
            v.channel, v.title, v.text, parting=post.parting, detached=v.detached, beside=beside
        )
        for v in post.variants.select_related("channel")
    ]


def previews_as_typed(post: Post, words: Words, channels: Iterable[Channel]) -> list[Preview]:
    """As typed a moment ago, not yet saved."""
    beside, boosts = Beside.of(post), boosts_of(post)
    return [
        passed_on(boosts[c.pk])
        if c.pk in boosts and c.pk not in words.detached
        else preview(
            c, words.title, words.detached.get(c.pk, words.text), parting=words.parting,
            detached=c.pk in words.detached, beside=beside,
        )
        for c in channels
        if c.pk in words.channels
    ]  # fmt: skip
