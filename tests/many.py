"""A world made large: of every row of every table so many more, each with a place among the others.

Half of the copies belong to copies of what the first belonged to, so lists grow whose rows have
everything a row can have; the others belong to the very same, so what one thing has grows as well.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from graphlib import TopologicalSorter
from itertools import batched
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import Error, connection, models, transaction
from django.utils import timezone

# What there is one of, or what only its own room can write: the record is an append-only log, an
# article has one reading for each message of its coverage, a post as many yeses as its rule asks.
STANDS = {
    "commonground_learn.article", "commonground_learn.reading", "commonground_say.review",
    "commonground_agency.agency", "commonground_agency.memberrole",
    "commonground_agency.signedin",
}  # fmt: skip
STANDS_WHOLE = {"commonground_record", "commonground_kit"}
SEEDS = 10  # rows of each table that are copied: some of every state
AT_ONCE = 2_000
type Row = models.Model
type Rows = Mapping[type[Row], int]


def ours() -> list[type[Row]]:
    """Every table that grows, what is pointed at before what points."""
    found = {
        model for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label.startswith("commonground_")
        and model._meta.app_label not in STANDS_WHOLE and model._meta.label_lower not in STANDS
        and model._meta.managed and not model._meta.proxy
    }  # fmt: skip
    # In an order that does not hang on where things lie in memory.
    named = sorted(found, key=lambda model: model._meta.label)
    after: dict[type[Row], set[type[Row]]] = {model: set() for model in named}
    keys = [(m, to, f.null) for m in named for f, to in keys_of(m) if to in found - {m}]
    # What may be missing must not come first where that would lead round in a circle.
    for model, to, _ in sorted(keys, key=lambda key: key[2]):
        if not leads(to, model, after):
            after[model].add(to)
    return list(TopologicalSorter(after).static_order())


def leads(start: type[Row], goal: type[Row], after: Mapping[type[Row], set[type[Row]]]) -> bool:
    seen, left = {start}, [start]
    for one in left:  # grows while we walk it
        left += after[one] - seen
        seen |= after[one]
    return goal in seen


def keys_of(model: type[Row]) -> list[tuple[models.Field[Any, Any], type[Row]]]:
    return [(f, f.related_model) for f in model._meta.concrete_fields if f.is_relation]


class Growing:
    """Grows a world step by step: `to(1_000)` after `to(10)` adds what is missing."""

    def __init__(
        self, agency: Row, *, apart: timedelta = timedelta(seconds=1), seed: int = 1,
        beside: Callable[[int], bool] = lambda k: k % 2 == 1,
        but: Mapping[type[Row], Callable[[Any], Any]] | None = None,
        whole: Mapping[type[Row], type[Row]] | None = None,
    ) -> None:  # fmt: skip
        """`apart`: each copy happened so much before the last. `beside`: which copies belong to
        copies. `but`: only these rows of a table are copied. `whole`: what goes with another
        table is copied as often as that."""
        self.agency, self.apart, self.random = agency, apart, random.Random(seed)  # noqa: S311
        self.beside, self.whole, self.but = beside, whole or {}, but or {}
        self.models, self.now = ours(), timezone.now()
        self.seeds: dict[type[Row], list[Row]] = {}
        for model in self.models:
            self.seeds[model] = self.chosen(model)
        self.made: dict[type[Row], int] = defaultdict(int)  # copies of each seed
        self.place: dict[tuple[type[Row], Any, int], Any] = {}  # table, key, copy -> its key
        self.left_out: dict[str, str] = {}  # table -> why it did not grow
        self.numbers = {m: greatest(m) for m in self.models}

    def chosen(self, model: type[Row]) -> list[Row]:
        """Some of every state, our own agency's first."""
        rows = model._base_manager.order_by("pk")
        if to := self.whole.get(model):
            (name,) = [f.name for f, other_ in keys_of(model) if other_ is to][:1] or [""]
            if name:
                return list(rows.filter(**{f"{name}__in": self.seeds[to]})[: 4 * SEEDS])
        by_state: dict[Any, list[Row]] = defaultdict(list)
        found = list(self.but.get(model, lambda all_: all_)(rows)[:500])
        found.sort(key=lambda row: getattr(row, "agency_id", self.agency.pk) != self.agency.pk)
        for row in found:
            by_state[getattr(row, "state", None)].append(row)
        each = max(1, SEEDS // max(1, len(by_state)))
        return [row for rows_ in by_state.values() for row in rows_[:each]][:SEEDS]

    def to(self, many: int, rows: Rows | None = None) -> None:
        """Until each table holds about so many copies, or as many as `rows` says."""
        for model in self.models:
            if not self.seeds[model] or model._meta.label in self.left_out:
                continue
            first = model
            while first in self.whole:
                first = self.whole[first]
            wanted = (rows or {}).get(first, many)
            self.grow(model, -(-wanted // max(1, len(self.seeds[first]))))
        forget_numbers(self.models)

    def grow(self, model: type[Row], times: int) -> None:
        try:
            with transaction.atomic():
                for some in batched(self.copies(model, times), AT_ONCE):
                    model._base_manager.bulk_create(some)
            self.made[model] = max(times, self.made[model])
        except (Error, TypeError, ValueError) as why:
            self.left_out[model._meta.label] = str(why).splitlines()[0]
            self.place = {at: key for at, key in self.place.items() if at[0] is not model}

    def copies(self, model: type[Row], times: int) -> Iterator[Row]:
        for k in range(self.made[model] + 1, times + 1):
            for row in self.seeds[model]:
                if (copy := self.copy_of(row, k)) is not None:
                    yield copy

    def copy_of(self, row: Row, k: int) -> Row | None:
        """The row again, a little earlier; None where only one of it can be."""
        model, pk = type(row), row._meta.pk
        values = {f.attname: self.earlier(getattr(row, f.attname), k)
                  for f in row._meta.concrete_fields}  # fmt: skip
        changed = self.move_over(model, values, k) if self.beside(k) else set()
        if not pk.is_relation:
            values[pk.attname] = self.new_key(model, row, k)
            changed.add(pk.name)
        for names in unique_sets(model):
            if changed.isdisjoint(names) and not self.vary(model, names, values, changed, k):
                return None
        if not pk.is_relation:
            self.place[model, row.pk, k] = values[pk.attname]
        return model(**values)

    def earlier(self, value: Any, k: int) -> Any:
        past = isinstance(value, datetime) and value <= self.now
        return value - k * self.apart if past else value

    def move_over(self, model: type[Row], values: dict[str, Any], k: int) -> set[str]:
        """Have it belong to the copies of what its first belongs to; which fields changed."""
        changed = set()
        for field, to in keys_of(model):
            copied = self.place.get((to, values[field.attname], k))
            if copied is not None:
                values[field.attname] = copied
                changed.add(field.name)
        return changed

    def new_key(self, model: type[Row], row: Row, k: int) -> Any:
        pk = model._meta.pk
        if isinstance(pk, models.UUIDField):
            return uuid.UUID(int=self.random.getrandbits(128), version=4)
        if isinstance(pk, models.IntegerField):
            self.numbers[model] += 1
            return self.numbers[model]
        return other(pk, row.pk, k)

    def vary(self, model: type[Row], names: tuple[str, ...], values: dict[str, Any],
             changed: set[str], k: int) -> bool:  # fmt: skip
        """Make the row differ from its first in one of these fields; False if none can."""
        fields = [model._meta.get_field(name) for name in names]
        for kind in (models.CharField, models.TextField, models.UUIDField, models.DateField,
                     models.IntegerField, models.BinaryField):  # fmt: skip
            for field in fields:
                if isinstance(field, kind) and not field.choices and field.name != "state":
                    values[field.attname] = other(field, values[field.attname], k)
                    changed.add(field.name)
                    return True
        return False


def other(field: models.Field[Any, Any], value: Any, k: int) -> Any:
    """A value of the same shape that no other copy has. What is not known stays so."""
    if value is None or isinstance(value, uuid.UUID):
        return value and uuid.uuid5(value, str(k))
    if isinstance(value, datetime):
        return value - timedelta(microseconds=k)
    if isinstance(value, date):
        return value - timedelta(days=k)
    if isinstance(value, int):
        # Small ones are places in a row, such as the parts of a thread: nobody's next is another's.
        return value + k * (13 if isinstance(field, models.SmallIntegerField) else 1_000)
    if isinstance(value, str):
        ending = f"-{k}" if "@" not in value else f".{k}"
        if len(value) + len(ending) <= (field.max_length or 1_000_000):
            return value + ending
        return hashlib.sha256(f"{value} {k}".encode()).hexdigest()[: field.max_length]
    return bytes(value) + k.to_bytes(4)


def unique_sets(model: type[Row]) -> Iterator[tuple[str, ...]]:
    """What no two rows may have in common."""
    yield from ((f.name,) for f in model._meta.concrete_fields if f.unique)
    yield from (tuple(c.fields) for c in model._meta.constraints
                if isinstance(c, models.UniqueConstraint) and c.fields)  # fmt: skip
    yield from (tuple(names) for names in model._meta.unique_together)


def greatest(model: type[Row]) -> int:
    if not isinstance(model._meta.pk, models.IntegerField):
        return 0
    return int(model._base_manager.aggregate(most=models.Max("pk"))["most"] or 0)


def forget_numbers(all_: list[type[Row]]) -> None:
    """PostgreSQL counts for itself, and must go on behind the last of ours."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), all_):
            cursor.execute(sql)
