"""Crops a picture for networks that show only some shapes, around what must stay in sight."""

from __future__ import annotations

import math

from PIL import Image

from commonground.say.engine.pictures import CleanPicture, flattened, opened, small_enough

HUNDREDTHS = 100  # a shape in an address is its width by its height, in hundredths
type Point = tuple[int, int]  # thousandths from the left and the top


def shape_for(width: int, height: int, shapes: tuple[float, float] | None) -> float | None:
    """The nearest shape this network shows, width by height; None where nothing need be cut."""
    narrow, wide = shapes or (0.0, math.inf)
    if width < height * narrow:
        return narrow
    return wide if width > height * wide else None


def crop(content: bytes, shape: float, focus: Point) -> CleanPicture:
    """As much of a clean picture as fits a shape, with the focus as near the middle as it goes."""
    image = flattened(opened(content))
    return small_enough(image.crop(frame_of(image, shape, focus)))


def frame_of(image: Image.Image, shape: float, focus: Point) -> tuple[int, int, int, int]:
    width, height = image.size
    if width > height * shape:
        # Downwards, so that what is cut is never a hair too wide for the network again.
        kept = max(math.floor(height * shape), 1)
        left = start(focus[0], kept, width)
        return left, 0, left + kept, height
    kept = max(math.floor(width / shape), 1)
    top = start(focus[1], kept, height)
    return 0, top, width, top + kept


def start(focus: int, kept: int, whole: int) -> int:
    return min(max(focus * whole // 1000 - kept // 2, 0), whole - kept)


def named(digest: str, shape: float) -> str:
    """What a cropped picture is called where networks fetch it."""
    return f"{digest}-{round(shape * HUNDREDTHS)}"


def is_called(name: str) -> tuple[str, float | None]:
    """The digest of the whole picture, and the shape it is wanted in."""
    digest, _, shape = name.partition("-")
    return digest, int(shape) / HUNDREDTHS if shape.isdecimal() and len(shape) < 5 else None
