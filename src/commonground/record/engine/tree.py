"""The Merkle tree of RFC 6962: who is in it, and that it only ever grew.

Hashes are 32 bytes (SHA-256). Where a function needs stored hashes it takes `node(level, index)`:
the hash over the leaves from index * 2**level on, 2**level of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

type Node = Callable[[int, int], bytes]

EMPTY = hashlib.sha256(b"").digest()  # the root of a tree without leaves


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962, 2.1: a leaf is marked by 0, so that none can pass for an inner node."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    """The one hash over a power of two of them."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def split(count: int) -> int:
    """The largest power of two below `count`: where RFC 6962 cuts a tree in two."""
    return 1 << ((count - 1).bit_length() - 1)


def root(size: int, node: Node) -> bytes:
    """The hash over the first `size` leaves."""
    return part(0, size, node) if size else EMPTY


def part(low: int, high: int, node: Node) -> bytes:
    """The hash over the leaves from `low` to before `high`, as they lie in a larger tree."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, low >> level)
    cut = low + split(count)
    return node_hash(part(low, cut, node), part(cut, high, node))


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The way from leaf `index` to the root of the first `size` leaves (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    low, high, path = 0, size, []
    while high - low > 1:
        cut = low + split(high - low)
        if index < cut:
            path.append(part(cut, high, node))
            high = cut
        else:
            path.append(part(low, cut, node))
            low = cut
    return path[::-1]


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """That the first `old` leaves are still the first of `size` (RFC 6962, 2.1.2)."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} did not grow to {size}")
    low, high, path, whole = 0, size, [], True
    if old in (0, size):
        return []
    while old != high:
        cut = low + split(high - low)
        if old <= cut:
            path.append(part(cut, high, node))
            high = cut
        else:
            path.append(part(low, cut, node))
            low, whole = cut, False
    return [*([] if whole else [part(low, high, node)]), *path[::-1]]


def climbed(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root this leaf leads to; None if the path is not as long as the tree is high."""
    if not 0 <= index < size:
        return None
    last = size - 1
    for beside in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            leaf = node_hash(beside, leaf)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = node_hash(leaf, beside)
        index, last = index >> 1, last >> 1
    return leaf if last == 0 else None


def grew(old: int, old_root: bytes, size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `size` is the one of `old` with more behind it (RFC 9162, 2.1.4.2)."""
    if old > size or (old in (0, size) and path):
        return False
    if old == size:
        return old_root == new_root
    if old == 0:
        return old_root == EMPTY
    path = [old_root, *path] if old & (old - 1) == 0 else list(path)
    index, last = old - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    return met(path, index, last) == (old_root, new_root)


def met(path: Sequence[bytes], index: int, last: int) -> tuple[bytes, bytes] | None:
    """The two roots a consistency path leads to."""
    if not path:
        return None
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return None
        if index & 1 or index == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        index, last = index >> 1, last >> 1
    return (old, new) if last == 0 else None
