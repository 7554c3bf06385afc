"""Walks the whole record and says where it stops being believable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from commonground.kit.sealed import SealBroken
from commonground.record.actions.growing import grow
from commonground.record.actions.writing import columns_of
from commonground.record.engine import notes, tiles, tree
from commonground.record.engine.leaves import facts_in
from commonground.record.engine.stamping import NoStamp
from commonground.record.models import Checkpoint, Entry, Erased, Head, Stamp
from commonground.record.queries import captures
from commonground.record.queries.log import log_key, nodes
from commonground.record.queries.stamps import proved


@dataclass(frozen=True, slots=True)
class Break:
    """Where a record stops being believable, and why."""

    number: int
    why: str


def verify() -> Break | None:
    """Walk the whole record and say where it stops being believable, if anywhere."""
    head, last = the_end()
    found = next(breaks(head, last), None)
    trouble = found.why[:200] if found else ""
    Head.objects.filter(pk=1).update(checked_at=timezone.now(), trouble=trouble)
    return found


def breaks(head: Head, last: int) -> Iterator[Break]:
    """Every break, the first entry's first. Entries written while we walk wait for the next."""
    expected, erased = 1, dict(Erased.objects.values_list("number", "tombstone"))
    for entry in Entry.objects.filter(number__lte=last).order_by("number").iterator(2000):
        if entry.number != expected:
            yield Break(expected, f"entry {expected} is missing")
            return
        why = what_is_wrong_with(entry, erased.get(entry.number))
        if not why and entry.verb == captures.VERB and entry.facts:
            why = captures.what_is_wrong_with(entry)
        if why:
            yield Break(entry.number, f"entry {entry.number} {why}")
        expected += 1
    if expected - 1 != head.count:
        first = min(expected, head.count + 1)
        yield Break(first, f"{head.count} entries were written and {expected - 1} are here")
        return
    yield from breaks_in_the_tree()


def what_is_wrong_with(entry: Entry, tombstone: int | None) -> str:
    """ "" if its leaf is what it was, and what we keep of it opens that leaf."""
    other = "is not what was written"
    if tree.leaf_hash(bytes(entry.leaf)).hex() != entry.digest:
        return other
    try:
        facts = facts_in(bytes(entry.leaf), entry.disclosures)
    except (SealBroken, ValueError):
        return other
    if not facts:
        return "" if buried(entry, tombstone) else "has lost its facts, and nothing says why"
    same = all(facts.get(name) == value for name, value in columns_of(entry).items())
    return "" if same and json.loads(bytes(entry.leaf))["type"] == entry.type else other


def buried(entry: Entry, tombstone: int | None) -> bool:
    """Whether the log itself says that these facts were erased."""
    told = Entry.objects.filter(number=tombstone).first() if tombstone else None
    return told is not None and entry.index in json.loads(bytes(told.leaf)).get("erased", [])


def breaks_in_the_tree() -> Iterator[Break]:
    """What was published must still be the hash over what is here."""
    size, node = grow(), fresh_nodes()
    for shown in Checkpoint.objects.order_by("epoch", "size").iterator(500):
        try:
            said = notes.opened(shown.note, log_key(shown.epoch))
        except notes.NotANote:
            yield Break(shown.size, f"the checkpoint at entry {shown.size} was not signed by us")
            continue
        if said.size > size or tree.root(said.size, node) != said.root:
            yield Break(said.size, f"up to entry {said.size} something differs from what was shown")
    if tree.root(size, node) != root_by_the_tiles(size):
        yield Break(size, "the tree is not the one that grows from these entries")
    yield from breaks_in_stamps()


def breaks_in_stamps() -> Iterator[Break]:
    """A stamp that was good when it came must still be; without its root nobody can say."""
    if not settings.ENV.stamp_roots:
        return
    for stamp in Stamp.objects.select_related("checkpoint").order_by("pk").iterator(200):
        try:
            proved(stamp)
        except NoStamp as why:
            size = stamp.checkpoint.size
            yield Break(size, f"the stamp of time over the checkpoint at entry {size}: {why}")


def root_by_the_tiles(size: int) -> bytes:
    try:
        return tree.root(size, nodes())
    except tiles.Torn:
        return b""


def fresh_nodes() -> tree.Node:
    """The tree's hashes from the entries themselves, asking no tile."""
    rows = Entry.objects.order_by("number").values_list("digest", flat=True)
    levels = [[bytes.fromhex(digest) for digest in rows.iterator(5000)]]
    while len(levels[-1]) > 1:
        row = levels[-1]
        pairs = range(0, len(row) - 1, 2)
        levels.append([tree.node_hash(row[i], row[i + 1]) for i in pairs])
    return lambda level, index: levels[level][index]


@transaction.atomic
def the_end() -> tuple[Head, int]:
    """The head, and the highest entry there is, while nobody writes.

    A head that was set back, or removed, must not hide the entries after it.
    """
    Head.objects.get_or_create(pk=1)
    head = Head.objects.select_for_update().get(pk=1)
    last = Entry.objects.order_by("-number").values_list("number", flat=True).first()
    return head, last or 0
