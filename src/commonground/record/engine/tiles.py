"""The tree cut into tiles that any web server can serve and anybody can copy (C2SP tlog-tiles).

A tile holds up to 256 hashes of 32 bytes, side by side. At level 0 these are leaf hashes; above,
each is the hash over one full tile of the level below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from commonground.record.engine.tree import Node, folded

WIDE = 256  # hashes
HASH = 32  # bytes
MOST = 65_535  # bytes of an entry: its length is written in two
DEEPEST = 63  # the highest level a path may name

type Read = Callable[[int, int], bytes]  # level, index -> the hashes of that tile, side by side

PATH = re.compile(r"(?P<level>0|[1-9][0-9]?|entries)/(?P<index>(?:x\d{3}/)*\d{3})(?:\.p/(?P<wide>[1-9]\d{0,2}))?", re.ASCII)  # noqa: E501  # fmt: skip


class Torn(LookupError):
    """A tile holds less than the tree needs of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which tile: its level (None: the entries themselves), its index, how many it holds."""

    level: int | None
    index: int
    wide: int = WIDE

    @property
    def path(self) -> str:
        level = "entries" if self.level is None else str(self.level)
        part = "" if self.wide == WIDE else f".p/{self.wide}"
        return f"tile/{level}/{counted(self.index)}{part}"


def counted(index: int) -> str:
    """1234067 -> x001/x234/067."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    return "/".join(groups)


def read_path(path: str) -> Place | None:
    """What follows `tile/`, read strictly: a tile has one address and no other."""
    found = PATH.fullmatch(path)
    if not found:
        return None
    level = None if found["level"] == "entries" else int(found["level"])
    index = int(found["index"].replace("x", "").replace("/", ""))
    wide = int(found["wide"] or WIDE)
    place = Place(level, index, wide)
    right = (found["wide"] is None or wide < WIDE) and (level or 0) <= DEEPEST
    return place if right and place.path == f"tile/{path}" else None


def held(place: Place, size: int) -> bool:
    """Whether a tree of `size` leaves has that much of that tile."""
    return place.index * WIDE + place.wide <= size >> (8 * (place.level or 0))


def grown(
    size: int, edge: Mapping[int, bytes], leaves: Iterable[bytes]
) -> dict[tuple[int, int], bytes]:
    """The tiles that change when leaves are added to a tree of `size`.

    `edge`: by level, what its last tile holds if that one is not full. Returns by
    (level, index) all that the tile holds now. Costs little more than one hash a leaf.
    """
    counts = {level: size >> (8 * level) for level in range(DEEPEST + 1)}
    changed: dict[tuple[int, int], bytearray] = {}

    def add(level: int, new: bytes) -> None:
        place = (level, counts[level] // WIDE)
        begun = counts[level] % WIDE
        tile = changed.setdefault(place, bytearray(edge.get(level, b"") if begun else b""))
        tile += new
        counts[level] += 1
        if counts[level] % WIDE == 0:
            add(level + 1, folded(hashes_in(bytes(tile))))

    for leaf in leaves:
        add(0, leaf)
    return {place: bytes(tile) for place, tile in changed.items()}


def hashes_in(tile: bytes) -> list[bytes]:
    return [tile[i : i + HASH] for i in range(0, len(tile), HASH)]


def nodes(read: Read) -> Node:
    """The hashes of a tree, out of its tiles. Each is worked out once."""
    tiles: dict[tuple[int, int], bytes] = {}
    known: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        if (level, index) not in known:
            known[level, index] = folded(below(level, index))
        return known[level, index]

    def below(level: int, index: int) -> list[bytes]:
        row, height = divmod(level, 8)
        first = index << height
        place = (row, first // WIDE)
        if place not in tiles:
            tiles[place] = read(*place)
        start, length = first % WIDE * HASH, HASH << height
        held = tiles[place][start : start + length]
        if len(held) != length:
            raise Torn(f"tile {place} is too short")
        return hashes_in(held)

    return node


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after the other, each with its length before it (16 bits, big-endian)."""
    if any(len(entry) > MOST for entry in entries):
        raise ValueError(f"an entry is longer than {MOST} bytes")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)
