"""Whether two pictures look alike: a perceptual hash of the picture, drawn small and grey."""

from __future__ import annotations

import io
import warnings

import imagehash
from PIL import Image

from commonground.kit.apart import Unusable

ACCEPTED = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 4_000_000  # a portrait is small; more is no portrait
SECONDS, MEMORY = 60, 2 << 30  # the libraries alone take seconds on a busy machine
# Of 128 bits: each says whether a spot is lighter than its neighbour, beside it or below. Copies
# of one picture, smaller or coarser, differ by a few; different pictures by dozens.
ALIKE = 14
FLAT = 6  # a picture of one colour has hardly a bit of its own, and resembles every other


def hash_of(portrait: bytes) -> bytes:
    """Thirty-two hex digits. Run apart: the bytes are a stranger's. Raises Unusable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(portrait), formats=ACCEPTED)
            if image.width * image.height > MOST_PIXELS:
                raise Unusable("size")
            small = drawn(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unusable("broken") from error
    low, high = small.convert("L").getextrema()
    if high - low < FLAT:  # type: ignore[operator]
        raise Unusable("flat")
    return print_of(small).encode()


def print_of(image: Image.Image) -> str:
    """The same for a picture that is ours already. Lighter or darker side by side, and one below
    the other: two difference hashes of 64 bits."""
    return f"{imagehash.dhash(image)}{imagehash.dhash_vertical(image)}"


def drawn(image: Image.Image) -> Image.Image:
    """On white, and no larger than is needed."""
    image.draft("RGB", (512, 512))
    image.load()
    image.thumbnail((256, 256))
    layer = image.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def distance(one: str, other: str) -> int:
    """How many bits of two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def are_alike(one: str, other: str) -> bool:
    return distance(one, other) <= ALIKE


def make_ready() -> None:
    """Take from the disk what the work needs, before the door is shut."""
    print_of(Image.new("RGB", (64, 64)))
    Image.init()
