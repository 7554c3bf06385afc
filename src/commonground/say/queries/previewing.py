"""What each channel's readers would see, before they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from commonground.channels.contract import Limits
from commonground.channels.contract.rendering import Rendering
from commonground.channels.models import Channel
from commonground.say.engine.fit import Fit, cut, fit, links
from commonground.say.engine.versions import Version
from commonground.say.engine.words import Words
from commonground.say.models import (
    Attachment,
    Card,
    Delivery,
    Post,
    Shelf,
    Variant,
    Video,
    parts_on,
)
from commonground.say.models.laying import Layout


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
class Tongue:
    """What a channel shows in one language: one post, or the parts of a thread."""

    said: Rendering
    parts: Sequence[Part]

    @property
    def language(self) -> str:
        return self.said.language

    @property
    def is_thread(self) -> bool:
        return len(self.parts) > 1

    def alt(self, place: int) -> str:
        """The words for a picture, or the video, in this language; "" where they are its own."""
        return self.said.alts[place] if place < len(self.said.alts) else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the words: pictures or a video, and the cards of links."""

    pictures: Sequence[Attachment]
    film: Video | None
    shelf: Shelf

    @classmethod
    def of(cls, post: Post) -> Beside:
        film = Video.objects.defer("content").filter(post=post).first()
        return cls(list(post.pictures.all()), film, Shelf.of(post))

    def card(self, text: str, channel: Channel, *, first: bool) -> Card | None:
        """Ours, or what a network will make of the page by itself. Pictures, and a video, take
        the place of a card; they go with the first part."""
        if first and (self.pictures or self.film):
            return None
        if channel.kind.reads_pages:
            return self.shelf.first_link_in(text)
        return self.shelf.card_in(text) if channel.kind.cards else None


@dataclass(frozen=True, slots=True)
class Preview:
    """All that one channel's readers would see, in each language it shows."""

    channel: Channel
    tongues: Sequence[Tongue]
    beside: Beside
    detached: bool
    area: str = ""
    boosts: Delivery | None = None  # what the network's own button passes on, if that is all

    @property
    def limits(self) -> Limits:
        return self.channel.kind.limits

    @property
    def parts(self) -> list[Part]:
        return [part for tongue in self.tongues for part in tongue.parts]

    @property
    def several(self) -> bool:
        return len(self.tongues) > 1

    @property
    def could_be_thread(self) -> bool:
        """Too long as it stands, on a network where it could be parted."""
        too_long = any(part.measured.why in ("long", "bytes") for part in self.parts)
        parted = any(tongue.is_thread for tongue in self.tongues)
        return self.channel.kind.threads and not parted and too_long


def tongues(
    channel: Channel, said: Iterable[Rendering], parting: str, beside: Beside
) -> list[Tongue]:
    found = []
    for one in said:
        texts = parts_on(channel, one.text, parting)
        parts = [part(channel, text, beside, first=n == 0) for n, text in enumerate(texts)]
        found.append(Tongue(one, parts))
    return found


def part(channel: Channel, text: str, beside: Beside, *, first: bool) -> Part:
    limits = channel.kind.limits
    shown, lost = cut(text, limits)
    card = beside.card(text, channel, first=first)
    return Part(shown, lost, fit(text, limits), links(text), card)


def passed_on(variant: Variant, beside: Beside) -> Preview:
    """The post of another account of ours, as it stands."""
    shown = Part(variant.text, "", fit(variant.text, variant.channel.kind.limits), [])
    said = Rendering(variant.language or variant.post.language, "", variant.text)
    return Preview(variant.channel, [Tongue(said, [shown])], beside, False, boosts=variant.boosts)


def boosts_of(post: Post) -> dict[UUID, Variant]:
    rows = post.variants.exclude(boosts=None)
    rows = rows.select_related("channel", "post", "boosts__variant__channel")
    return {variant.channel_id: variant for variant in rows}


def previews_of(post: Post) -> list[Preview]:
    """As saved."""
    beside, boosts = Beside.of(post), boosts_of(post)
    return [
        passed_on(boosts[v.channel_id], beside)
        if v.boosts_id
        else Preview(
            v.channel, tongues(v.channel, v.said, post.parting, beside), beside, v.detached, v.area
        )
        for v in post.variants.select_related("channel", "post")
    ]  # fmt: skip


def previews_as_typed(post: Post, words: Words, channels: Iterable[Channel]) -> list[Preview]:
    """As typed a moment ago, not yet saved."""
    beside, boosts = Beside.of(post), boosts_of(post)
    main = Version(Rendering(words.language, words.title, words.text))
    layout = Layout.of(post, main)
    shown = []
    for channel in (c for c in channels if c.pk in words.channels):
        if channel.pk in boosts and channel.pk not in words.detached:
            shown.append(passed_on(boosts[channel.pk], beside))
            continue
        said = layout.on(channel, words.speaks.get(channel.pk, ""))
        own = words.detached.get(channel.pk)
        if own is not None:
            said = [replace(said[0], text=own), *said[1:]]
        row = tongues(channel, said, words.parting, beside)
        shown.append(Preview(channel, row, beside, own is not None, layout.area_on(channel)))
    return shown
