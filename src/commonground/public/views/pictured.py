"""Is this picture ours? It is compared and forgotten; the file is never written down."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from commonground.agency.models import Agency
from commonground.kit.apart import apart
from commonground.say.engine import likening
from commonground.say.models import Attachment
from commonground.say.queries import pictured

WORK = "commonground.say.engine.likening"


class Verdict(StrEnum):
    SAME = "same"  # the very bytes we published
    ALIKE = "alike"  # the same view, smaller or coarser
    ALTERED = "altered"  # one of ours, and something in it was changed
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pictured:
    verdict: Verdict
    ours: Attachment | None = None


def judged(agency: Agency, upload: bytes) -> Pictured:
    """Raises Unusable for what is no picture, and whatever it does there, the desk goes on."""
    if ours := pictured.the_very(agency, hashlib.sha256(upload).hexdigest()):
        return Pictured(Verdict.SAME, ours)
    look = in_a_process("look_of", upload).decode()
    ours = pictured.the_likest(agency, look)
    if ours is None:
        return Pictured(Verdict.UNKNOWN)
    both = likening.together(bytes(ours.content), upload)
    same_view = float(in_a_process("difference", both)) < likening.SAME_VIEW
    return Pictured(Verdict.ALIKE if same_view else Verdict.ALTERED, ours)


def in_a_process(work: str, given: bytes) -> bytes:
    return apart(f"{WORK}:{work}", given, seconds=likening.SECONDS, memory=likening.MEMORY)
