"""Finds entries by words that stand sealed: by their hashes first, and then by opening them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from commonground.kit.envelope import SealBroken, unwrapped
from commonground.record.engine import words
from commonground.record.models import DataKey, Entry, EntryQuerySet, Lookup, Tree

AT_ONCE = 5_000  # rows of a round
MOST = 100_000  # entries one request looks through; then the page offers to go on


@dataclass(frozen=True)
class Found:
    """Entries that fit, newest first; how many were looked through; where to go on ("": done)."""

    rows: Sequence[Entry]
    looked: int
    older: str


def index_key(data_key: bytes) -> bytes:
    """The key of an entry's words, which goes with the key of its facts."""
    return hashlib.sha256(b"words of an entry\n" + data_key).digest()


def fits(entry: Entry, wanted: set[str]) -> bool:
    return wanted <= words.words_of(entry.facts)


def find(entries: EntryQuerySet, before: str, wanted: set[str], size: int = 50) -> Found:
    """Newest first, from below the number `before`. What is not indexed yet is opened at once."""
    rows: Any = entries
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(number__lt=int(before))
    found: list[Entry] = []
    looked, last = 0, 0
    for numbers in rounds(rows):
        for entry in opened(likely(numbers, wanted)):
            if fits(entry, wanted):
                found.append(entry)
        looked, last = looked + len(numbers), numbers[-1]
        if len(found) > size:
            return Found(found[:size], looked, str(found[size - 1].number))
        if looked >= MOST:
            return Found(found, looked, str(last))
    return Found(found, looked, "")


def rounds(rows: EntryQuerySet) -> Iterator[list[int]]:
    """The numbers of entries, newest first, so many at a time."""
    plain = rows.order_by("-number").select_related(None).values_list("number", flat=True)
    below: Any = plain
    while numbers := list(below[:AT_ONCE]):
        yield numbers
        below = plain.filter(number__lt=numbers[-1])


def likely(numbers: Sequence[int], wanted: set[str]) -> list[int]:
    """Those of these numbers whose hashes hold every word, and those without hashes."""
    low, high = numbers[-1], numbers[0]
    inside = {"number__gte": low, "number__lte": high}
    hashes = dict(Lookup.objects.filter(**inside).values_list("number", "hashes"))
    keys = DataKey.objects.filter(entry_id__gte=low, entry_id__lte=high)
    digests = Entry.objects.filter(**inside).select_related(None)
    places = dict(digests.values_list("number", "digest"))
    asked, found = set(numbers), []
    upto = Tree.objects.values_list("indexed", flat=True).first() or 0
    for number, wrapped in keys.values_list("entry_id", "wrapped"):
        if number not in asked or number not in places:
            continue
        if number not in hashes:
            if number > upto:
                found.append(number)
            continue
        try:
            own = index_key(unwrapped(bytes(wrapped), bytes.fromhex(places[number])))
        except SealBroken:
            continue
        if words.may_hold(bytes(hashes[number]), wanted, own):
            found.append(number)
    return sorted(found, reverse=True)


def opened(numbers: Sequence[int]) -> Iterator[Entry]:
    for start in range(0, len(numbers), 500):
        some = Entry.objects.filter(number__in=numbers[start : start + 500])
        yield from some.order_by("-number")
