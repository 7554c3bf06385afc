"""The tree takes in what was written."""

from __future__ import annotations

from django.db import transaction

from commonground.record.engine import tiles
from commonground.record.models import Entry, Head, Tile, Tree
from commonground.record.queries.log import read_tile

AT_ONCE = 4096  # entries; sixteen tiles


@transaction.atomic
def grow() -> int:
    """Let the tree take in every entry there is; how many it holds now.

    Costs about one hash an entry. Entries get their numbers under the lock of the head, so
    what is here up to its count is complete, and nobody who writes waits for this.
    """
    Tree.objects.get_or_create(pk=1)
    grown = Tree.objects.select_for_update().get(pk=1)
    count = Head.objects.values_list("count", flat=True).filter(pk=1).first() or 0
    while grown.size < count:
        numbers = range(grown.size + 1, min(count, grown.size + AT_ONCE) + 1)
        rows = Entry.objects.filter(number__gte=numbers[0], number__lte=numbers[-1])
        found = list(rows.order_by("number").values_list("number", "digest"))
        if [number for number, _ in found] != list(numbers):
            return grown.size  # an entry is missing: `verify` says which
        take_in(grown, [bytes.fromhex(digest) for _, digest in found])
    return grown.size


def take_in(grown: Tree, leaves: list[bytes]) -> None:
    edge = {
        level: read_tile(level, width // tiles.WIDE)
        for level in range(8)
        if (width := grown.size >> (8 * level)) % tiles.WIDE
    }
    changed = tiles.grown(grown.size, edge, leaves)
    Tile.objects.bulk_create(
        [Tile(level=level, index=index, hashes=held) for (level, index), held in changed.items()],
        update_conflicts=True, unique_fields=["level", "index"], update_fields=["hashes"],
    )  # fmt: skip
    grown.size += len(leaves)
    grown.save(update_fields=["size"])
