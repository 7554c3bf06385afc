"""Fills the practice city's database to the size of a large desk, in steps."""

from __future__ import annotations

from datetime import timedelta
from itertools import batched
from typing import Any

from django.db import connection
from django.utils import timezone
from tests.many import Growing

from commonground.agency.models import Member
from commonground.answer.models import Conversation, Message, Word
from commonground.channels.networks.site.models import Page
from commonground.hear.models import Overheard
from commonground.record.actions import THE_DESK, grow
from commonground.record.actions.indexing import index
from commonground.record.actions.writing import drafted
from commonground.record.models import DataKey, Entry, Head, Kept
from commonground.say.models import Delivery, Post, Review, Variant
from commonground.spot.models import Exemplar, Match, Moment, Tally

HEARD, WRITTEN_TO_US, SAID, MOMENTS, PEOPLE, ELSE = 1_000_000, 100_000, 100_000, 10_000, 300, 1_000
# What goes with another is copied as often as that.
WITH = {
    Message: Conversation, Word: Conversation, Variant: Post, Review: Post, Delivery: Variant,
    Exemplar: Moment, Match: Moment, Tally: Moment,
}  # fmt: skip
AT_ONCE = 2_000
OVER = ["published", "withdrawn"]


class Filling:
    def __init__(self, agency: Any, entries: int) -> None:
        self.agency, self.entries = agency, entries
        # An old desk: what it said is said and what rose has passed, but for what stands here.
        # Half an hour apart, 20,000 copies reach back a year.
        self.growing = Growing(
            agency, apart=timedelta(minutes=30), beside=lambda k: k % 50 != 0, whole=WITH,
            but={
                Post: lambda rows: rows.filter(state__in=OVER),
                Moment: lambda rows: rows.exclude(state="open"),
                Overheard: lambda rows: rows.none(),  # see overheard()
            },
        )  # fmt: skip

    @property
    def left_out(self) -> dict[str, str]:
        return self.growing.left_out

    def to(self, part: float) -> dict[str, int]:
        self.growing.to(int(ELSE * part), {
            Conversation: int(WRITTEN_TO_US * part), Post: int(SAID * part),
            Page: int(SAID * part), Moment: int(MOMENTS * part), Member: int(PEOPLE * part),
        })  # fmt: skip
        self.overheard(int(HEARD * part))
        self.record(int(self.entries * part))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        tables = (Overheard, Conversation, Message, Post, Delivery, Page, Moment, Member, Entry)
        return {table.__name__: table._base_manager.count() for table in tables}

    def overheard(self, many: int) -> None:
        """So many in the last day."""
        source, now = self.agency.sources.filter(kind="jetstream")[0], timezone.now()
        there, kept_until = Overheard.objects.count(), now + timedelta(hours=24)
        between = timedelta(days=1) / HEARD
        rows = (
            Overheard(agency=self.agency, source=source, upstream=f"many {n}", voice=f"{n % 9999}",
                      at=now - n * between, text="The bridge is closed, they say.", language="en",
                      delete_at=kept_until)
            for n in range(there, many)
        )  # fmt: skip
        for some in batched(rows, AT_ONCE):
            Overheard.objects.bulk_create(some)

    def record(self, many: int) -> None:
        """Entries as the desk writes them, each sealed, and the tree over them."""
        moments = list(Moment.objects.filter(agency=self.agency)[:50])
        for start in range(Entry.objects.count(), many, AT_ONCE):
            drafts = [
                drafted("open_moment", moments[n % len(moments)], by=THE_DESK, detail={"count": n})
                for n in range(start, min(start + AT_ONCE, many))
            ]
            self.append(drafts)
        grow()
        while index():
            pass

    def append(self, drafts: list[Any]) -> None:
        head = Head.objects.get(pk=1)
        for number, draft in enumerate(drafts, head.count + 1):
            draft.entry.number = number
        Entry.objects.bulk_create([draft.entry for draft in drafts])
        Kept.objects.bulk_create([Kept(entry=d.entry, sealed=d.kept) for d in drafts])
        DataKey.objects.bulk_create([DataKey(entry=d.entry, wrapped=d.wrapped) for d in drafts])
        Head.objects.filter(pk=1).update(count=head.count + len(drafts))
