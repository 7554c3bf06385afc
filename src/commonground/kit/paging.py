"""Long lists, a page at a time, without counting them: each page says where the next begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime


@dataclass(frozen=True, slots=True)
class Page[M: Model]:
    """Some rows, and the mark to ask for what comes after them ("" at the end)."""

    rows: list[M]
    older: str
    first: bool


def by_number[M: Model](rows: QuerySet[M], before: str, size: int = 50) -> Page[M]:
    """Newest first by primary key, for things that are numbered."""
    asked = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    if asked is not None:
        rows = rows.filter(pk__lt=asked)
    found = list(rows.order_by("-pk")[: size + 1])
    older = str(found[size - 1].pk) if len(found) > size else ""
    return Page(found[:size], older, first=asked is None)


def by_time[M: Model](rows: QuerySet[M], field: str, before: str, size: int = 20) -> Page[M]:
    """Newest first by a time, and by key among equal times, so that none is lost or doubled."""
    mark = read_mark(before, rows.model)
    if mark:
        at, key = mark
        rows = rows.filter(Q(**{f"{field}__lt": at}) | Q(**{field: at, "pk__lt": key}))
    found = list(rows.order_by(f"-{field}", "-pk")[: size + 1])
    older = mark_of(found[size - 1], field) if len(found) > size else ""
    return Page(found[:size], older, first=mark is None)


def mark_of(row: Model, field: str) -> str:
    return f"{getattr(row, field).isoformat()}~{row.pk}"


def read_mark(before: str, model: type[Model]) -> tuple[datetime, object] | None:
    """What a mark says; None for anything that is not one of ours."""
    time, _, key = before.partition("~")
    try:
        at = parse_datetime(time)
        pk = model._meta.pk.to_python(key)
    except (ValueError, ValidationError):  # the right shape, but no such day, or no such key
        return None
    return (at, pk) if at and at.tzinfo and pk else None
