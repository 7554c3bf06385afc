"""Makes a stranger's picture safe, by the very path of our own, in a process of its own."""

from __future__ import annotations

import io
import json

from PIL import Image

from commonground.kit.apart import Unusable
from commonground.say.engine.pictures import ACCEPTED, CleanPicture, NotAPicture, clean

WORK = f"{__name__}:reworked"


def make_ready() -> None:
    """Load every reader and writer of pictures while files may still be opened."""
    for kind in ACCEPTED:
        out = io.BytesIO()
        Image.new("RGB", (2, 2)).save(out, kind)
        clean(out.getvalue())


def reworked(upload: bytes) -> bytes:
    """The work of the process apart: one line of facts, then the new file."""
    try:
        picture = clean(upload)
    except NotAPicture as error:
        raise Unusable(error.code) from error
    facts = {"type": picture.type, "width": picture.width, "height": picture.height}
    return json.dumps(facts).encode() + b"\n" + picture.content


def picture_of(answer: bytes) -> CleanPicture:
    facts, _, content = answer.partition(b"\n")
    return CleanPicture(content, **json.loads(facts))
