"""Captions of a video: read strictly, and written anew from times and plain words only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

MOST_BYTES = 20_000  # what Bluesky takes
MOST_CUES = 500
LATE = 2.0  # seconds a caption may stand beyond the end
TIME = re.compile(r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})")
TAG = re.compile(r"<[^<>]{0,200}>")
NAMED = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": "", "&amp;": "&"}


class NotCaptions(Exception):
    """These cannot be used. `code` says why: kind, large, empty, time, order, long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Cue:
    start: float
    end: float
    words: str


def clean_captions(upload: bytes, seconds: float) -> str:
    """WebVTT of this film, written anew: no styles, no notes, no places, no marks."""
    if len(upload) > MOST_BYTES:
        raise NotCaptions("large")
    try:
        text = upload.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise NotCaptions("kind") from error
    if not re.match(r"WEBVTT(?:[ \t\n]|\Z)", text) or "\0" in text:
        raise NotCaptions("kind")
    cues = [cue for block in re.split(r"\n{2,}", text)[1:] if (cue := cue_of(block))]
    if not cues or len(cues) > MOST_CUES:
        raise NotCaptions("empty" if not cues else "large")
    must_fit(cues, seconds)
    return "WEBVTT\n\n" + "\n".join(written(cue) for cue in cues)


def cue_of(block: str) -> Cue | None:
    """One caption; None for a note, a style, or a caption without words."""
    lines = block.strip("\n").split("\n")
    if "-->" not in lines[0] and re.match(r"(NOTE|STYLE|REGION)\b", lines[0]):
        return None
    at = next((n for n, line in enumerate(lines[:2]) if "-->" in line), None)
    if at is None:
        return None
    start, _, rest = lines[at].partition("-->")
    words = plain("\n".join(lines[at + 1 :]))
    ends = rest.split()
    return Cue(time_of(start.strip()), time_of(ends[0] if ends else ""), words) if words else None


def time_of(said: str) -> float:
    found = TIME.fullmatch(said)
    if found is None:
        raise NotCaptions("time")
    hours, minutes, seconds, parts = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(parts) / 1000


def plain(words: str) -> str:
    for sign, meant in NAMED.items():
        words = TAG.sub("", words) if sign == "&lt;" else words
        words = words.replace(sign, meant)
    return "\n".join(line.strip() for line in words.split("\n") if line.strip())


def must_fit(cues: list[Cue], seconds: float) -> None:
    if any(cue.end <= cue.start for cue in cues):
        raise NotCaptions("order")
    if any(b.start < a.start for a, b in pairwise(cues)):
        raise NotCaptions("order")
    if any(cue.end > seconds + LATE for cue in cues):
        raise NotCaptions("long")


def written(cue: Cue) -> str:
    words = cue.words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{clock(cue.start)} --> {clock(cue.end)}\n{words}\n"


def clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
