"""One digest for many ballots, and the proof that one of them is under it.

The tree is that of RFC 6962 (section 2.1): a leaf's digest begins with 0, a pair's with 1, so that
no leaf can be passed off as a pair. Only whoever holds a ballot's salt can say what it says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any


def leaf_of(salt: str, votes: Mapping[str, int]) -> str:
    """The digest of a ballot: its salt, and its last vote on every statement (number: vote)."""
    said = json.dumps({"salt": salt, "votes": dict(votes)}, sort_keys=True, separators=(",", ":"))
    return sha256(b"\x00" + said.encode()).hexdigest()


def pair(left: str, right: str) -> str:
    return sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def split(many: int) -> int:
    """How many leaves stand on the left: the largest power of two below."""
    return int(1 << ((many - 1).bit_length() - 1))


def root_of(leaves: Sequence[str]) -> str:
    """The one digest of them all, in their order; of none, the digest of nothing."""
    if not leaves:
        return sha256(b"").hexdigest()
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return pair(root_of(leaves[:middle]), root_of(leaves[middle:]))


def path_of(leaves: Sequence[str], place: int) -> list[tuple[str, str]]:
    """From a leaf up to the root: on which side the other digest stands, and the digest."""
    if len(leaves) < 2:
        return []
    middle = split(len(leaves))
    if place < middle:
        return [*path_of(leaves[:middle], place), ("right", root_of(leaves[middle:]))]
    return [*path_of(leaves[middle:], place - middle), ("left", root_of(leaves[:middle]))]


def climbed(leaf: str, path: Sequence[Sequence[str]]) -> str:
    """The root that a leaf and its path lead to."""
    for side, other in path:
        leaf = pair(other, leaf) if side == "left" else pair(leaf, other)
    return leaf


def trouble_with(receipt: Mapping[str, Any], roots: Mapping[int, str]) -> str:
    """Why a receipt proves nothing; "" if it does. roots: by the number of their entry."""
    try:
        leaf = leaf_of(receipt["salt"], receipt["votes"])
        root, entry = climbed(leaf, receipt["path"]), int(receipt["entry"])
    except (KeyError, TypeError, ValueError):
        return "this is not a receipt"
    if entry not in roots:
        return f"no seal is known for entry {entry} of the record"
    if root != roots[entry]:
        return "the votes of this receipt are not under that seal"
    return ""
