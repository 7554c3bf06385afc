"""Puts all that is sealed under the newest key, a little at a time, while the desk works.

Whatever is under the newest key already is passed by: broken off and begun again, it goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from commonground.kit.envelope import ID_BYTES, newest, rewrapped_text
from commonground.kit.sealed import SealBroken, SealedJSONField

AT_ONCE = 200  # rows of one transaction: short enough that nobody waits for it
MARK = "sealed:"  # what a sealed text begins with where it stands among clear ones


@dataclass(frozen=True, slots=True)
class Shelf:
    """One column in which sealed things stand, and how one of them is put under the newest key."""

    name: str
    rows: models.QuerySet[Any]
    column: str
    rewrapped: Callable[[Any, Any], Any]
    called: Callable[[Any], Iterator[str]]  # what the keys of one value are called

    def under(self) -> Counter[str]:
        """How many values are under which key."""
        held = self.rows.values_list(self.column, flat=True)
        return Counter(called for one in held.iterator(2000) for called in self.called(one))


@dataclass(slots=True)
class Progress:
    """How far it has come on one shelf. What did not open stays as it is."""

    name: str
    looked_at: int = 0
    closed_anew: int = 0
    not_opened: list[Any] = field(default_factory=list)


def rewrap(shelf: Shelf) -> Iterator[Progress]:
    """Told after each batch."""
    done, last = Progress(shelf.name), None
    while True:
        last = batch(shelf, last, done)
        if last is None:
            return
        yield done


@transaction.atomic
def batch(shelf: Shelf, after: Any, done: Progress) -> Any:
    """The next rows after this one; the key of the last of them, or None if there was none."""
    ahead = shelf.rows.filter(pk__gt=after) if after is not None else shelf.rows
    # Locked: what somebody writes or erases meanwhile is neither lost nor brought back.
    rows = list(ahead.select_for_update(of=("self",)).order_by("pk")[:AT_ONCE])
    for row in rows:
        held = row.__dict__[shelf.column]
        try:
            fresh = shelf.rewrapped(held, row)
        except SealBroken:
            done.not_opened.append(row.pk)
            continue
        if fresh != held:
            shelf.rows.filter(pk=row.pk).update(**{shelf.column: fresh})
            done.closed_anew += 1
    done.looked_at += len(rows)
    return rows[-1].pk if rows else None


def shelves() -> Iterator[Shelf]:
    """Every sealed column of every table, and texts sealed within a table that is not ours."""
    for model in apps.get_models():
        for column in model._meta.local_fields:
            if isinstance(column, SealedJSONField):
                yield column_of(model, column)
    for label in settings.SEALED_WITHIN:
        yield within(label)


def column_of(model: type[models.Model], column: SealedJSONField) -> Shelf:
    full = model._base_manager.exclude(**{column.attname: ""})
    return Shelf(
        column.column_name, full, column.attname,
        rewrapped=lambda held, row: column.rewrapped(held, row),
        called=lambda held: iter([str(held).partition(".")[0]]),
    )  # fmt: skip


def within(label: str) -> Shelf:
    """A JSON column, some of whose texts are sealed for the column: app.Model.column."""
    app, name, column = label.split(".")
    model = apps.get_model(app, name)
    place = f"{model._meta.db_table}.{column}"
    return Shelf(
        place, model._base_manager.all(), column,
        rewrapped=lambda held, _row: anew(held, place.encode()), called=called_in,
    )  # fmt: skip


def anew(held: Any, place: bytes) -> Any:
    """The same JSON, with what is sealed in it under the newest key."""
    if isinstance(held, dict):
        return {name: anew(one, place) for name, one in held.items()}
    if isinstance(held, list):
        return [anew(one, place) for one in held]
    if isinstance(held, str) and held.startswith(MARK):
        return MARK + rewrapped_text(held.removeprefix(MARK), place)
    return held


def called_in(held: Any) -> Iterator[str]:
    if isinstance(held, dict | list):
        for one in held.values() if isinstance(held, dict) else held:
            yield from called_in(one)
    elif isinstance(held, str) and held.startswith(MARK):
        yield held.removeprefix(MARK)[: ID_BYTES * 2]


def newest_called() -> str:
    return newest().hex()


__all__ = ["MARK", "Progress", "Shelf", "newest_called", "rewrap", "shelves"]
