"""A picture of a post, as one channel shows it."""

from __future__ import annotations

from commonground.channels.contract import Picture
from commonground.channels.models import Channel
from commonground.say.engine.cropping import crop, named, shape_for
from commonground.say.models import Attachment

MIDDLE = (500, 500)


def shape_on(channel: Channel, picture: Attachment) -> float | None:
    """The shape this channel's network needs it cut to, if it shows no such shape."""
    return shape_for(picture.width, picture.height, channel.kind.limits.shapes)


def picture_for(channel: Channel, picture: Attachment) -> Picture:
    """Exactly what goes out: cropped around what must stay in sight, where that is needed."""
    focus, content = (picture.focus_x, picture.focus_y), bytes(picture.content)
    shape = shape_on(channel, picture)
    if shape is None:
        parts = (focus[0] / 1000, focus[1] / 1000) if focus != MIDDLE else None
        size = picture.width, picture.height
        return Picture(content, picture.type, picture.alt, *size, focus=parts)
    cut = crop(content, shape, focus)
    return Picture(
        cut.content, cut.type, picture.alt, cut.width, cut.height,
        fetched_as=named(picture.sha256, shape),
    )  # fmt: skip
