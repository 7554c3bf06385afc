"""A block of stream lines as columns: what `reading.Reader` does to one line, for many at once.

Jetstream's posts, nearly all there is at a great rate, are decoded together and only as far
as their fields are used. Every other line goes to `reading` itself, one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.lines import LONGEST_LINE, TOO_LONG
from commonground.hear.engine.reading import EARLIEST, POSTS, Passed, decoded, heard, said, short
from commonground.hear.engine.tokens import Texts, texts

MOST_LANGUAGES = 30_000  # as posts claim them; what comes after is no language we know


class FrameRecord(msgspec.Struct, gc=False):
    text: str = ""
    langs: list[str] | None = None


class FrameCommit(msgspec.Struct, gc=False):
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: FrameRecord | None = None


class Frame(msgspec.Struct, gc=False):
    """A Jetstream frame as far as a post needs it."""

    did: str = ""
    time_us: int = 0
    kind: str = ""
    commit: FrameCommit | None = None


decode_lines = msgspec.json.Decoder(Frame).decode_lines


@dataclass(slots=True)
class Columns:
    """n posts of a block, in its order, and what else it held.

    `at` float64[n]: seconds of UTC; `lang` int16[n]: place in `Languages`. `odd`: posts that did
    not come as Jetstream frames, by place; `frames` holds a likeness of them. Authors are raw
    here: they leave the memory only as voices.
    """

    texts: Texts
    at: NDArray[np.float64]
    lang: NDArray[np.int16]
    frames: list[Frame]
    odd: dict[int, Heard] = field(default_factory=dict)
    deletions: list[Heard] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.frames)

    def chosen(self, places: NDArray[np.int64]) -> Columns:
        """Some of the posts, without their texts in one piece."""
        listed = places.tolist()
        odd = {n: self.odd[p] for n, p in enumerate(listed) if p in self.odd} if self.odd else {}
        frames = [self.frames[place] for place in listed]
        return Columns(texts([]), self.at[places], self.lang[places], frames, odd)

    def author(self, place: int) -> str:
        return self.frames[place].did

    def heard(self, place: int) -> Heard:
        """One post as the rest of the desk knows it."""
        return self.odd.get(place) or as_heard(self.frames[place])


class Languages:
    """The language codes somebody asks about, as numbers from one; 0 is any other."""

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self.places = {code: place for place, code in enumerate(codes, 1)}
        self.claimed: dict[str, int] = {}

    def place(self, claimed: str) -> int:
        """Of a code as posts write it ("en-GB")."""
        place = self.claimed.get(claimed)
        if place is None:
            place = self.places.get(short(claimed), 0)
            if len(self.claimed) < MOST_LANGUAGES:
                self.claimed[claimed] = place
        return place


class Repeats:
    """Knows the posts of a while ago when they come again, as streams repeat after a break."""

    def __init__(self, remember: int = 500_000) -> None:
        self.half = remember // 2
        self.fresh: set[str] = set()
        self.older: set[str] = set()

    def again(self, post_id: str) -> bool:
        if post_id in self.fresh or post_id in self.older:
            return True
        self.fresh.add(post_id)
        if len(self.fresh) > self.half:
            self.fresh, self.older = set(), self.fresh
        return False

    def forget(self, post_id: str) -> None:
        self.fresh.discard(post_id)
        self.older.discard(post_id)


def columns(
    block: bytes, *, latest: float, languages: Languages, repeats: Repeats | None = None
) -> Columns:
    """All lines of a block. Never raises, whatever the bytes are.

    `latest`: seconds of UTC; what claims to be later is passed over. Posts whose text is
    nothing but space are still in it: whoever reads the words finds out (`Tokens.blank`).
    """
    sorted_ = sorted_out(block)
    frames, at = in_time(sorted_, latest)
    if repeats:
        for gone in sorted_.deletions:
            repeats.forget(gone.id)
        fresh = np.array([not repeats.again(sorted_.id_of(frame)) for frame in frames], np.bool_)
        if not fresh.all():
            sorted_.skipped["seen before"] += int((~fresh).sum())
            frames, at = list(compress(frames, fresh)), at[fresh]
    return Columns(
        texts([frame.commit.record.text for frame in frames]),  # type: ignore[union-attr]
        at, languages_of(frames, languages), frames,
        {place: sorted_.odd[id(f)] for place, f in enumerate(frames) if id(f) in sorted_.odd}
        if sorted_.odd else {},
        sorted_.deletions, +sorted_.skipped,
    )  # fmt: skip


@dataclass(slots=True)
class Sorted:
    """What the lines of a block were: posts as frames, the rest as what it means."""

    frames: list[Frame] = field(default_factory=list)
    odd: dict[int, Heard] = field(default_factory=dict)  # id() of its frame -> the post
    deletions: list[Heard] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, item: Heard | Skipped) -> None:
        if isinstance(item, Skipped):
            self.skipped[item.why] += 1
        elif item.deleted:
            self.deletions.append(item)
        else:
            frame = likeness(item)
            self.frames.append(frame)
            self.odd[id(frame)] = item

    def id_of(self, frame: Frame) -> str:
        odd = self.odd.get(id(frame)) if self.odd else None
        return odd.id if odd else id_of(frame)


def likeness(post: Heard) -> Frame:
    record = FrameRecord(post.text, [post.lang])
    return Frame(post.author, round(post.at * 1e6), "odd", FrameCommit("create", POSTS, "", record))


def sorted_out(block: bytes) -> Sorted:
    frames = together(block)
    ours = [is_post(frame) for frame in frames]
    if frames and all(ours):
        return Sorted(frames)
    lines = split(block)
    if len(lines) != len(frames):  # something is broken, or stands on more than one line
        frames, ours = [Frame()] * len(lines), [False] * len(lines)
    found, begin = Sorted(), 0
    for place in (n for n, is_ours in enumerate(ours) if not is_ours):
        found.frames += frames[begin:place]
        found.add(one_by_one(lines[place]))
        begin = place + 1
    found.frames += frames[begin:]
    return found


def together(block: bytes) -> list[Frame]:
    """All lines in one call; none if one of them is not as it should be."""
    try:
        return decode_lines(block)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return []


def split(block: bytes) -> list[bytes]:
    return [line for line in block.split(b"\n") if line.strip()]


def is_post(frame: Frame) -> bool:
    commit = frame.commit
    return (
        commit is not None
        and commit.collection == POSTS
        and commit.record is not None
        and commit.operation != "delete"
        and frame.kind != ""
        and frame.did != ""
    )


def one_by_one(line: bytes) -> Heard | Skipped:
    if len(line) > LONGEST_LINE:
        return TOO_LONG
    try:
        return heard(decoded(line))
    except Passed as reason:
        return Skipped(str(reason))


def in_time(found: Sorted, latest: float) -> tuple[list[Frame], NDArray[np.float64]]:
    at = np.array([frame.time_us for frame in found.frames], np.float64) / 1e6
    early, late = at < EARLIEST, at > latest
    out = early | late
    if not out.any():
        return found.frames, at
    found.skipped["dated before there were such posts"] += int(early.sum())
    found.skipped["dated in the future"] += int(late.sum())
    return list(compress(found.frames, ~out)), at[~out]


def languages_of(frames: Sequence[Frame], languages: Languages) -> NDArray[np.int16]:
    place, known = languages.place, languages.claimed
    claimed = [
        langs[0] if (langs := frame.commit.record.langs) else ""  # type: ignore[union-attr]
        for frame in frames
    ]
    return np.array([known[c] if c in known else place(c) for c in claimed], np.int16)


def id_of(frame: Frame) -> str:
    return f"at://{frame.did}/{POSTS}/{frame.commit.rkey}"  # type: ignore[union-attr]


def as_heard(frame: Frame) -> Heard:
    commit = cast("FrameCommit", frame.commit)
    record = cast("FrameRecord", commit.record)
    langs = record.langs or [""]
    url = f"https://bsky.app/profile/{frame.did}/post/{commit.rkey}"
    return said(id_of(frame), frame.time_us / 1e6, record.text, langs[0], frame.did, url)
