"""Makes entries findable by their words, after they were written: nobody who writes waits."""

from __future__ import annotations

from django.db import transaction

from commonground.kit.sealed import SealBroken
from commonground.record.engine.words import hashed, words_of
from commonground.record.models import Entry, Lookup, Tree
from commonground.record.queries.captures import data_key_of
from commonground.record.queries.finding import index_key

AT_ONCE = 500


@transaction.atomic
def index() -> int:
    """The next so many entries; how many were taken in. Erased ones have no words."""
    Tree.objects.get_or_create(pk=1)
    row = Tree.objects.select_for_update().get(pk=1)
    entries = list(Entry.objects.filter(number__gt=row.indexed).order_by("number")[:AT_ONCE])
    made = [lookup for entry in entries if (lookup := lookup_of(entry))]
    Lookup.objects.bulk_create(made, ignore_conflicts=True)
    if entries:
        Tree.objects.filter(pk=1).update(indexed=entries[-1].number)
    return len(entries)


def lookup_of(entry: Entry) -> Lookup | None:
    try:
        facts = entry.facts
        if not facts:
            return None
        key = index_key(data_key_of(entry))
    except SealBroken:
        return None  # `verify` says which
    return Lookup(number=entry.number, hashes=hashed(words_of(facts), key))
