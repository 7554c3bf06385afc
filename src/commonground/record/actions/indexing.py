"""Makes entries findable by their words, after they were written: nobody who writes waits."""

from __future__ import annotations

from django.db import transaction

from commonground.kit.sealed import SealBroken
from commonground.record.engine.words import hashed, words_of
from commonground.record.models import DataKey, Entry, Lookup, Tree
from commonground.record.queries.captures import data_key_in
from commonground.record.queries.finding import index_key

AT_ONCE = 500


def index() -> int:
    """The next so many entries; how many were taken in. Erased ones have no words.

    Opening and hashing takes far longer than writing it down, so it is done before the turn to
    write is asked for: on SQLite everybody else would wait for it, an urgent post among them.
    """
    since = read_so_far()
    entries = list(Entry.objects.filter(number__gt=since).order_by("number")[:AT_ONCE])
    if not entries:
        return 0
    made = {entry.number: found for entry in entries if (found := lookup_of(entry))}
    with transaction.atomic():
        row = Tree.objects.select_for_update().get(pk=1)
        if row.indexed == since:  # else another process was here meanwhile
            # Whoever erases deletes the keys first, and so waits here or is seen to have been.
            keys = DataKey.objects.select_for_update().filter(pk__in=made)
            left = [made[number] for number in keys.values_list("pk", flat=True)]
            Lookup.objects.bulk_create(left, ignore_conflicts=True)
            Tree.objects.filter(pk=1).update(indexed=entries[-1].number)
    return len(entries)


def read_so_far() -> int:
    row, _made = Tree.objects.get_or_create(pk=1)
    return int(row.indexed)


def lookup_of(entry: Entry) -> Lookup | None:
    try:
        facts = entry.facts
        if not facts:
            return None
        key = index_key(data_key_in(entry))
    except SealBroken:
        return None  # `verify` says which
    return Lookup(number=entry.number, hashes=hashed(words_of(facts), key))
