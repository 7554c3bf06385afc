"""Puts everything under the desk's newest key; then the older ones can go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commonground.kit.envelope import ID_BYTES, rewrapped
from commonground.kit.rewrapping import Progress, Shelf, newest_called, rewrap, shelves
from commonground.record.actions.publishing import Record
from commonground.record.actions.writing import THE_DESK, witness
from commonground.record.models import DataKey, Parcel


def all_shelves() -> list[Shelf]:
    """All of the desk's, and the keys of the entries. What was erased has none, and gets none."""
    return [*shelves(), keys_of_entries(), keys_of_parcels()]


def keys_of_entries() -> Shelf:
    def anew(held: Any, row: DataKey) -> bytes:
        return rewrapped(bytes(held), bytes.fromhex(row.entry.digest))

    return Shelf(
        "commonground_record_datakey.wrapped",
        DataKey._base_manager.select_related("entry"),
        "wrapped",
        rewrapped=anew,
        called=lambda held: iter([bytes(held)[:ID_BYTES].hex()]),
    )


def keys_of_parcels() -> Shelf:
    return Shelf(
        "commonground_record_parcel.wrapped",
        Parcel._base_manager.defer("sealed"),
        "wrapped",
        rewrapped=lambda held, row: rewrapped(bytes(held), row.place),
        called=lambda held: iter([bytes(held)[:ID_BYTES].hex()]),
    )


def rewrap_everything() -> Iterator[Progress]:
    """Told after each few hundred rows; the record says at the end what was done."""
    done: dict[str, Progress] = {}
    for shelf in all_shelves():
        for step in rewrap(shelf):
            done[shelf.name] = step
            yield step
    told = {
        "key": newest_called(),
        "values": sum(d.closed_anew for d in done.values()),
        "not_opened": sum(len(d.not_opened) for d in done.values()),
    }
    if told["values"]:
        witness("rewrap", Record(), by=THE_DESK, **told)
