"""Makes an uploaded picture safe to publish: only its pixels survive."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from dataclasses import dataclass, field

from PIL import Image, ImageOps, UnidentifiedImageError

from commonground.kit.apart import Unusable

MOST_PIXELS = 40_000_000  # a 40-megapixel photograph; more is a bomb, not a picture
LONGEST_SIDE = 2000  # what networks show at most
MOST_BYTES = 950_000  # below the smallest limit of our networks (Bluesky, 1,000,000)
ACCEPTED = ("JPEG", "PNG", "WEBP")


WORK = f"{__name__}:drawn_anew"  # what a process apart does with an upload


class NotAPicture(Unusable):
    """The upload cannot be used. `code` says why: kind, size, broken."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A new file written from pixels only: no location, no thumbnail, no hidden archive."""

    content: bytes = field(repr=False)
    type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def make_ready() -> None:
    """What reads and writes pictures is on the disk: to be taken before the door is shut."""
    Image.init()


def drawn_anew(upload: bytes) -> bytes:
    """The clean picture as one line of facts, and its bytes."""
    done = clean(upload)
    facts = {"type": done.type, "width": done.width, "height": done.height}
    return json.dumps(facts).encode() + b"\n" + done.content


def picture_of(answer: bytes) -> CleanPicture:
    """What `drawn_anew` answered from another process."""
    facts, _, content = answer.partition(b"\n")
    return CleanPicture(content, **json.loads(facts))


def clean(upload: bytes) -> CleanPicture:
    """Read a JPEG, PNG or WebP, turn it upright, shrink it, and write it anew.

    Raises NotAPicture for anything else: SVG, PDF, animations of any length are read as
    their first frame, and a picture of more than `MOST_PIXELS` is refused unread.
    """
    image = opened(upload)
    upright = turned(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    transparent = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    if transparent:
        content = encoded(upright.convert("RGBA"), "PNG")
        if len(content) <= MOST_BYTES:
            return CleanPicture(content, "image/png", *upright.size)
    return small_enough(flattened(upright))


def opened(upload: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(upload), formats=ACCEPTED)
            if image.width * image.height > MOST_PIXELS:
                raise NotAPicture("size")
            image.load()
    except UnidentifiedImageError as error:
        raise NotAPicture("kind") from error
    except Image.DecompressionBombError as error:
        raise NotAPicture("size") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise NotAPicture("broken") from error
    return image


def turned(image: Image.Image) -> Image.Image:
    """Upright, as the camera was held; as it is, where the camera's note cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ImageOps.exif_transpose(image)
    except Exception:  # what a broken note raises is nobody's promise, and it spoils no picture
        return image


def flattened(image: Image.Image) -> Image.Image:
    """Without transparency: on white, as every network would show it."""
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def small_enough(image: Image.Image) -> CleanPicture:
    """As a JPEG that every network takes: coarser first, and where that is not enough, smaller."""
    for quality in (88, 80, 70, 60, 45, 30):
        content = encoded(image, "JPEG", quality=quality)
        if len(content) <= MOST_BYTES:
            return CleanPicture(content, "image/jpeg", *image.size)
    return small_enough(image.resize((image.width * 3 // 4, image.height * 3 // 4)))


def as_jpeg(content: bytes, type: str) -> bytes:
    """A clean picture for those who show nothing but JPEG."""
    return content if type == "image/jpeg" else small_enough(flattened(opened(content))).content


def encoded(image: Image.Image, kind: str, **how: int) -> bytes:
    # A fresh image drops whatever the old one carried beside its pixels.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, kind, optimize=True, **how)
    return out.getvalue()
