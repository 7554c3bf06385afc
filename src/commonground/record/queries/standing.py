"""Where the record stands, for whoever copies the database."""

from __future__ import annotations

from typing import Any

from commonground.record.models import Checkpoint, Head


def where_it_stands() -> dict[str, Any]:
    """How many entries there are, and what was last shown of them.

    Named in `settings.RECORD_STANDS`. Column by column: a new version asks it of the tables of
    the old one, before they are changed.
    """
    rows = Head.objects.filter(pk=1).values_list("epoch", "count")
    epoch, entries = next(iter(rows), (1, 0))
    shown = Checkpoint.objects.filter(epoch=epoch).order_by("-size")
    note = shown.values_list("note", flat=True).first() or ""
    return {"epoch": epoch, "entries": entries, "checkpoint": note}
