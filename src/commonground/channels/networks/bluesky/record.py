"""Turns a message into the record that Bluesky shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from atproto import models
from atproto_client.utils import facet_detection

from commonground.channels.contract import Film, LinkCard, Message, Picture

MENTIONS = 5  # more than that we do not look up for one post
# The library ships no types; these names say what is meant.
type Blob = Any
type Facet = Any
type Embed = Any
type Record = Any
type Upload = Callable[[bytes, str], Blob]  # what, and of which type


def record_of(
    message: Message,
    created_at: str,
    upload: Upload,
    resolve: Callable[[str], str | None],
    reply: Record | None = None,
) -> Record:
    return models.AppBskyFeedPost.Record(
        text=message.text,
        created_at=created_at,
        langs=[message.language] if message.language else None,
        facets=sorted([*found(message.text), *mentions(message.text, resolve)], key=start_of),
        embed=embed_of(message, upload),
        reply=reply,
    )


def found(text: str) -> Iterator[Facet]:
    """Links and hashtags, but no shares: `$5` is not an invitation to invest."""
    for facet in facet_detection.detect_facets(text):
        if not any(getattr(feature, "tag", "").startswith("$") for feature in facet.features):
            yield facet


def mentions(text: str, resolve: Callable[[str], str | None]) -> Iterator[Facet]:
    """Only of accounts that exist: a dead mention is a promise that nobody hears."""
    for mention in facet_detection.detect_mentions(text)[:MENTIONS]:
        if did := resolve(mention.handle.lower()):
            place = models.AppBskyRichtextFacet.ByteSlice(
                byte_start=mention.byte_start, byte_end=mention.byte_end
            )
            yield models.AppBskyRichtextFacet.Main(
                features=[models.AppBskyRichtextFacet.Mention(did=did)], index=place
            )


def start_of(facet: Facet) -> int:
    return int(facet.index.byte_start)


def embed_of(message: Message, upload: Upload) -> Embed:
    """A post carries a video, pictures or a card; what is ours goes first."""
    if message.film:
        return video(message.film, upload)
    if message.pictures:
        return models.AppBskyEmbedImages.Main(images=[image(p, upload) for p in message.pictures])
    return card(message.card, upload) if message.card else None


def image(picture: Picture, upload: Upload) -> Embed:
    shape = models.AppBskyEmbedDefs.AspectRatio(width=picture.width, height=picture.height)
    return models.AppBskyEmbedImages.Image(
        alt=picture.alt, image=upload(picture.content, picture.type), aspect_ratio=shape
    )


def video(film: Film, upload: Upload) -> Embed:
    """With its captions in their language. Bluesky prepares it once somebody wants to see it."""
    said = models.AppBskyEmbedVideo.Caption(
        lang=film.language, file=upload(film.captions.encode(), "text/vtt")
    )
    return models.AppBskyEmbedVideo.Main(
        video=upload(film.content, film.type), alt=film.alt, captions=[said],
        aspect_ratio=models.AppBskyEmbedDefs.AspectRatio(width=film.width, height=film.height),
    )  # fmt: skip


def card(link: LinkCard, upload: Upload) -> Embed:
    """Bluesky reads no page by itself: what we say of it is what its readers see."""
    seen = link.picture
    return models.AppBskyEmbedExternal.Main(
        external=models.AppBskyEmbedExternal.External(
            uri=link.url, title=link.title, description=link.description,
            thumb=upload(seen.content, seen.type) if seen else None,
        )
    )  # fmt: skip
