"""Whether a picture somebody was shown is one of ours: the very bytes, the same view, or altered.

A stranger's picture is read in a process of its own, and goes through the same door as every
upload: drawn anew from pixels, or refused. A perceptual hash finds the likeliest of ours; the two
are then laid over each other, small and grey, and the place where they differ most decides.
"""

from __future__ import annotations

import struct

from PIL import Image, ImageChops, ImageFilter, ImageStat

from commonground.kit.apart import Unusable
from commonground.protect.engine import portraits
from commonground.say.engine.pictures import NotAPicture, clean, flattened, opened

SECONDS, MEMORY = 60, 2 << 30
SIDE, BLOCK = 256, 16  # pixels of the small grey pictures that are laid over each other
# Of 255, the mean of the block that differs most. Copies of drawn pictures that were made smaller
# or coarser stayed below 1.3. A patch of a ninth of the width painted over gave 6 to 103, one of a
# thirtieth 0.3 to 6. Photographs are noisier than drawings.
SAME_VIEW = 5.0


def look_of(upload: bytes) -> bytes:
    """Thirty-two hex digits. Run apart. Raises Unusable."""
    return portraits.print_of(drawn(upload)).encode()


def difference(both: bytes) -> bytes:
    """How much two pictures differ where they differ most, 0 to 255. Run apart. Raises Unusable.

    `both`: the length of ours in four bytes, ours, theirs.
    """
    (length,) = struct.unpack("!I", both[:4])
    ours, theirs = small(drawn(both[4 : 4 + length])), small(drawn(both[4 + length :]))
    apart = ImageChops.difference(ours, theirs)
    blocks = [
        apart.crop((x, y, x + BLOCK, y + BLOCK))
        for x in range(0, SIDE, BLOCK)
        for y in range(0, SIDE, BLOCK)
    ]
    return f"{max(ImageStat.Stat(block).mean[0] for block in blocks):.2f}".encode()


def together(ours: bytes, theirs: bytes) -> bytes:
    return struct.pack("!I", len(ours)) + ours + theirs


def drawn(upload: bytes) -> Image.Image:
    try:
        return flattened(opened(clean(upload).content))
    except NotAPicture as why:
        raise Unusable(why.code) from why


def small(image: Image.Image) -> Image.Image:
    # A little blurred: the edges of a copy fall beside those of its original.
    return image.convert("L").resize((SIDE, SIDE)).filter(ImageFilter.GaussianBlur(1.5))


def make_ready() -> None:
    portraits.make_ready()
