"""A block of stream lines as columns: what `reading.Reader` does to one line, for many at once.

Jetstream's posts, nearly all there is at a great rate, are read together and only as far as
their fields are used. Every other line goes to `reading` itself, one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.compiled import COMPILED
from commonground.hear.engine.frames import DID, LANG, RKEY, SPANS, id_number, scan
from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.lines import LONGEST_LINE, TOO_LONG
from commonground.hear.engine.reading import EARLIEST, POSTS, Passed, decoded, heard, said, short
from commonground.hear.engine.tables import NumberSet
from commonground.hear.engine.tokens import Texts, texts

USUAL_LINE = 150  # bytes; hardly a frame is shorter
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
    frames: Sequence[Frame]
    odd: dict[int, Heard] = field(default_factory=dict)
    deletions: list[Heard] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.frames)

    def chosen(self, places: NDArray[np.int64]) -> Columns:
        """Some of the posts, without their texts in one piece."""
        listed = places.tolist()
        odd = {n: self.odd[p] for n, p in enumerate(listed) if p in self.odd} if self.odd else {}
        held = self.frames
        frames = held.some(places) if isinstance(held, Spans) else [held[p] for p in listed]
        return Columns(texts([]), self.at[places], self.lang[places], frames, odd)

    def id_of(self, place: int) -> str:
        odd = self.odd.get(place)
        return odd.id if odd else id_of(self.frames[place])

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

    def places_of(self, held: Spans) -> NDArray[np.int16]:
        """Of each frame's first language. int16[n]."""
        _, first, each = np.unique(held.langs, return_index=True, return_inverse=True)
        places = [self.place(held.part(one, LANG)) for one in first.tolist()]
        return np.array(places, np.int16)[each]


class Repeats:
    """Knows the posts of a while ago when they come again, as streams repeat after a break.

    By numbers of their ids: two ids share one once in about 10^19 pairs.
    """

    def __init__(self, remember: int = 500_000) -> None:
        self.half = remember // 2
        self.fresh: NumberSet = NumberSet(self.half)
        self.older: NumberSet = NumberSet(self.half)

    def again(self, ids: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Of each post whether it was met before; from now on it was. uint64[n] -> bool[n]."""
        known = np.concatenate([
            self.some_again(ids[begin : begin + self.half])
            for begin in range(0, ids.size, max(1, self.half))
        ] or [np.zeros(0, np.bool_)])  # fmt: skip
        return known

    def some_again(self, ids: NDArray[np.uint64]) -> NDArray[np.bool_]:
        if len(self.fresh) + ids.size > self.half:
            self.fresh, self.older = NumberSet(self.half), self.fresh
        before = self.older.holds(ids)
        return before | self.fresh.add(ids, ~before)

    def forget(self, post_id: str) -> None:
        number = id_number(post_id)
        self.fresh.drop(number)
        self.older.drop(number)


def columns(
    block: bytes, *, latest: float, languages: Languages, repeats: Repeats | None = None
) -> Columns:
    """All lines of a block. Never raises, whatever the bytes are.

    `latest`: seconds of UTC; what claims to be later is passed over. Posts whose text is
    nothing but space are still in it: whoever reads the words finds out (`Tokens.blank`).
    """
    found = scanned(block) if COMPILED else sorted_out(block)
    held, keep = found.frames, in_time(found, latest)
    if repeats:
        for gone in found.deletions:
            repeats.forget(gone.id)
        places = np.flatnonzero(keep)
        again = repeats.again(found.ids()[places])
        keep[places[again]] = False
        if again.any():
            found.skipped["seen before"] += int(again.sum())
    if not keep.all():
        held = [held[place] for place in np.flatnonzero(keep).tolist()]
    found.frames = held
    return kept(found, languages)


def kept(found: Sorted, languages: Languages) -> Columns:
    """What is left of a block, as columns."""
    held = found.frames
    if isinstance(held, Spans):
        joined, lang, at = held.texts, languages.places_of(held), held.time
    else:
        joined = texts([frame.commit.record.text for frame in held])  # type: ignore[union-attr]
        lang = np.array([languages.place(claimed(frame)) for frame in held], np.int16)
        at = times(held)
    odd = found.odd
    theirs = {n: odd[id(f)] for n, f in enumerate(held) if id(f) in odd} if odd else {}
    return Columns(joined, at / 1e6, lang, held, theirs, found.deletions, +found.skipped)


@dataclass(frozen=True, slots=True)
class Spans(Sequence[Frame]):
    """Frames of a block as they stand there; each is made only when somebody asks for it.

    `spans` int64[n, SPANS]; `time` float64[n]: microseconds; `ids`, `langs` uint64[n].
    """

    block: bytes
    spans: NDArray[np.int64]
    time: NDArray[np.float64]
    ids: NDArray[np.uint64]
    langs: NDArray[np.uint64]
    texts: Texts

    def __len__(self) -> int:
        return self.time.size

    @overload
    def __getitem__(self, place: int) -> Frame: ...
    @overload
    def __getitem__(self, place: slice) -> list[Frame]: ...
    def __getitem__(self, place: int | slice) -> Frame | list[Frame]:
        if isinstance(place, slice):
            return [self[n] for n in range(len(self))[place]]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        did, rkey, lang = (self.part(place, begin) for begin in (DID, RKEY, LANG))
        record = FrameRecord(self.texts[place], [lang] if lang else None)
        commit = FrameCommit("create", POSTS, rkey, record)
        return Frame(did, int(self.time[place]), "commit", commit)

    def some(self, places: NDArray[np.int64]) -> list[Frame]:
        """Many at once: the same, sooner."""
        block, said = self.block, memoryview(self.texts.joined)
        rows = self.spans[places].tolist()
        begins, ends = self.texts.offsets[places].tolist(), self.texts.offsets[places + 1].tolist()
        posts = zip(rows, begins, ends, self.time[places].tolist(), strict=True)
        return [
            Frame(block[row[DID] : row[DID + 1]].decode("ascii"), int(time), "commit", FrameCommit(
                "create", POSTS, block[row[RKEY] : row[RKEY + 1]].decode("ascii"), FrameRecord(
                    str(said[begin : end - 1], "utf-8", "replace"),
                    [block[row[LANG] : row[LANG + 1]].decode("ascii")]
                    if row[LANG + 1] > row[LANG] else None,
                )))
            for row, begin, end, time in posts
        ]  # fmt: skip

    def part(self, place: int, begin: int) -> str:
        first, end = self.spans[place, begin : begin + 2].tolist()
        return self.block[first:end].decode("ascii")


@dataclass(slots=True)
class Sorted:
    """What the lines of a block were: posts as frames, the rest as what it means."""

    frames: Sequence[Frame] = field(default_factory=list)
    odd: dict[int, Heard] = field(default_factory=dict)  # id() of its frame -> the post
    deletions: list[Heard] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, item: Heard | Skipped) -> Frame | None:
        """Note what a line meant; of a post its likeness as a frame."""
        if isinstance(item, Skipped):
            self.skipped[item.why] += 1
        elif item.deleted:
            self.deletions.append(item)
        else:
            frame = likeness(item)
            self.odd[id(frame)] = item
            return frame
        return None

    def ids(self) -> NDArray[np.uint64]:
        if isinstance(self.frames, Spans):
            return self.frames.ids
        return np.array([id_number(self.id_of(frame)) for frame in self.frames], np.uint64)

    def id_of(self, frame: Frame) -> str:
        odd = self.odd.get(id(frame)) if self.odd else None
        return odd.id if odd else id_of(frame)


def likeness(post: Heard) -> Frame:
    record = FrameRecord(post.text, [post.lang])
    return Frame(post.author, round(post.at * 1e6), "odd", FrameCommit("create", POSTS, "", record))


def scanned(block: bytes) -> Sorted:
    """The posts by the compiled scan; every line it leaves by the ordinary reader."""
    block = block if block.endswith(b"\n") else block + b"\n"
    # To count the lines first takes as long as a twentieth of all the rest.
    held, others = with_room(block, len(block) // USUAL_LINE + 2) or cast(
        "tuple[Spans, NDArray[np.int64]]", with_room(block, block.count(b"\n") + 2)
    )
    found, between = Sorted(held), []
    for begin, end, place in others.tolist():
        line = block[begin:end]
        if line.strip() and (frame := found.add(one_by_one(line))):
            between.append((place, frame))
    if between:
        found.frames = laid_between(list(held), between)
    return found


def with_room(block: bytes, lines: int) -> tuple[Spans, NDArray[np.int64]] | None:
    """The posts, and where other lines stand, if there are fewer lines than that."""
    spans, time = np.empty((lines, SPANS), np.int64), np.empty(lines, np.int64)
    ids, langs = np.empty(lines, np.uint64), np.empty(lines, np.uint64)
    joined, offsets = np.empty(len(block) + lines, np.uint8), np.empty(lines, np.int64)
    others = np.empty((lines, 3), np.int64)
    n, m = scan(
        np.frombuffer(block, np.uint8), spans, time, ids, langs, joined, offsets, others
    )  # fmt: skip
    if n < 0:
        return None
    said = Texts(joined[: offsets[n]], offsets[: n + 1])
    held = Spans(block, spans[:n], time[:n].astype(np.float64), ids[:n], langs[:n], said)
    return held, others[:m]


def laid_between(frames: list[Frame], between: Sequence[tuple[int, Frame]]) -> list[Frame]:
    """Odd posts among the others, each before the place where it stood."""
    for place, frame in reversed(between):
        frames.insert(place, frame)
    return frames


def sorted_out(block: bytes) -> Sorted:
    """The same without a compiler."""
    frames = together(block)
    ours = [is_post(frame) for frame in frames]
    if frames and all(ours):
        return Sorted(frames)
    lines = split(block)
    if len(lines) != len(frames):  # something is broken, or stands on more than one line
        frames, ours = [Frame()] * len(lines), [False] * len(lines)
    found = Sorted()
    held = (
        frame if is_ours else found.add(one_by_one(line))
        for frame, is_ours, line in zip(frames, ours, lines, strict=True)
    )  # fmt: skip
    found.frames = [frame for frame in held if frame]
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


def in_time(found: Sorted, latest: float) -> NDArray[np.bool_]:
    at = times(found.frames) / 1e6
    early, late = at < EARLIEST, at > latest
    found.skipped["dated before there were such posts"] += int(early.sum())
    found.skipped["dated in the future"] += int(late.sum())
    return ~(early | late)


def times(frames: Sequence[Frame]) -> NDArray[np.float64]:
    """Microseconds of UTC. float64[n]."""
    if isinstance(frames, Spans):
        return frames.time
    return np.array([frame.time_us for frame in frames], np.float64)


def claimed(frame: Frame) -> str:
    langs = frame.commit.record.langs  # type: ignore[union-attr]
    return langs[0] if langs else ""


def id_of(frame: Frame) -> str:
    return f"at://{frame.did}/{POSTS}/{frame.commit.rkey}"  # type: ignore[union-attr]


def as_heard(frame: Frame) -> Heard:
    commit = cast("FrameCommit", frame.commit)
    record = cast("FrameRecord", commit.record)
    langs = record.langs or [""]
    url = f"https://bsky.app/profile/{frame.did}/post/{commit.rkey}"
    return said(id_of(frame), frame.time_us / 1e6, record.text, langs[0], frame.did, url)
