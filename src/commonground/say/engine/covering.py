"""Covers parts of a picture so that nothing of what was under them is in the new file.

A blur, and a mosaic of what it hides, are sums over the hidden pixels: with the typeface of a
number plate, or a list of faces, such sums can be searched backwards. So the cover is not made
of what it covers. It is painted from the pixels around it, which everybody sees anyway: two
pictures that differ under a box only become the same file (tests/test_covering.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from commonground.say.engine.pictures import (
    MOST_BYTES,
    CleanPicture,
    encoded,
    flattened,
    opened,
    small_enough,
)

type Pixels = NDArray[np.uint8]
type Mask = NDArray[np.bool_]

WHOLE = 1000  # boxes are in thousandths of the picture
LEAST = 5  # thousandths: below that nobody can have meant it
MOST_BOXES = 20
# JPEG mixes pixels within blocks of 16, and reading it blends two more across a block's edge;
# making a picture smaller mixes its neighbours. A cover reaches beyond its box by all of that.
NEAR, BLOCK, BEYOND = 4, 16, 8
RING, PIECES = 24, 4  # how far around we look, and in how many pieces a side
TILES, LEAST_TILE = 8, 6  # tiles along the longer side; pixels of the smallest
TONE = 14  # tiles are lighter and darker by this: a reader must see that something is covered


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, in thousandths of its width and height."""

    left: int
    top: int
    width: int
    height: int

    @property
    def is_inside(self) -> bool:
        sized = min(self.width, self.height) >= LEAST and min(self.left, self.top) >= 0
        return sized and self.left + self.width <= WHOLE and self.top + self.height <= WHOLE


@dataclass(frozen=True, slots=True)
class Area:
    """What a box covers, in pixels; the last column and row are not part of it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def here(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)


def cover(content: bytes, boxes: Sequence[Box]) -> CleanPicture:
    """A clean picture written anew with its boxes covered; without transparency."""
    image = opened(content)
    kind = image.format
    flat = flattened(image)
    pixels = np.array(flat)
    areas = [area_of(box, flat.width, flat.height) for box in boxes]
    hidden = hidden_by(areas, pixels)
    for area in areas:
        paint(pixels, hidden, area)
    done = Image.fromarray(pixels)
    if kind == "PNG" and len(drawn := encoded(done, "PNG")) <= MOST_BYTES:
        return CleanPicture(drawn, "image/png", *done.size)
    return small_enough(done)


def area_of(box: Box, width: int, height: int) -> Area:
    left, right = reach(box.left, box.left + box.width, width)
    top, bottom = reach(box.top, box.top + box.height, height)
    return Area(left, top, right, bottom)


def reach(start: int, end: int, size: int) -> tuple[int, int]:
    """From thousandths to pixels, and outward as far as pixels influence each other."""
    first = (start * size // WHOLE - NEAR) // BLOCK * BLOCK - BEYOND
    last = -((-end * size // WHOLE) - NEAR) // BLOCK * BLOCK + BLOCK + BEYOND
    return max(first, 0), min(last, size)


def hidden_by(areas: Sequence[Area], pixels: Pixels) -> Mask:
    hidden = np.zeros(pixels.shape[:2], dtype=bool)
    for area in areas:
        hidden[area.here] = True
    return hidden


def paint(pixels: Pixels, hidden: Mask, area: Area) -> None:
    """Tiles in the tones of what stands around, and of nothing that any box hides."""
    places, tones = around(pixels, hidden, area)
    size = max((max(area.right - area.left, area.bottom - area.top)) // TILES, LEAST_TILE)
    for row, top in enumerate(range(area.top, area.bottom, size)):
        for column, left in enumerate(range(area.left, area.right, size)):
            middle = np.array([left + size / 2, top + size / 2])
            weights = 1.0 / (1.0 + ((places - middle) ** 2).sum(axis=1))
            tone = (weights[:, None] * tones).sum(axis=0) / weights.sum()
            shade = TONE if (row + column) % 2 else -TONE
            tile = Area(left, top, min(left + size, area.right), min(top + size, area.bottom))
            pixels[tile.here] = np.clip(tone + shade, 0, 255).astype(np.uint8)


def around(
    pixels: Pixels, hidden: Mask, area: Area
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where we looked around an area, and the mean colour there; grey if all of it is hidden."""
    places, tones = [], []
    for piece in pieces(area, *pixels.shape[:2]):
        shown = pixels[piece.here][~hidden[piece.here]]
        if len(shown):
            places.append([(piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2])
            tones.append(shown.mean(axis=0))
    if not places:
        return np.zeros((1, 2)), np.full((1, 3), 128.0)
    return np.array(places), np.array(tones)


def pieces(area: Area, height: int, width: int) -> Iterator[Area]:
    """Strips around an area, each cut in pieces; what lies outside the picture is left out."""
    xs = np.linspace(area.left, area.right, PIECES + 1).astype(int)
    ys = np.linspace(area.top, area.bottom, PIECES + 1).astype(int)
    for a, b in pairwise(xs):
        yield Area(a, max(area.top - RING, 0), b, area.top)
        yield Area(a, area.bottom, b, min(area.bottom + RING, height))
    for a, b in pairwise(ys):
        yield Area(max(area.left - RING, 0), a, area.left, b)
        yield Area(area.right, a, min(area.right + RING, width), b)
