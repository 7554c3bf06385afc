"""What the clock does for LEARN: reads feeds and pages of outlets, and holds what came against what
is followed. One page of an outlet at a time, so that no small paper feels us."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from commonground.kit.clock import Lane, database_now, every, on_its_own
from commonground.kit.outbound import TurnedAway, Unreachable
from commonground.learn import actions, line
from commonground.learn.models import Coverage, Outlet, Printed

AT_ONCE = 20
# Longer than a feed or page and its reading may take: whoever has it is dead after that.
LEASE = timedelta(minutes=2)


@every(seconds=10, lane=Lane.NETWORKS)
def look_at_feeds() -> None:
    for outlet in Outlet.objects.to_look_at(database_now()).select_related("agency")[:AT_ONCE]:
        free = Outlet.objects.filter(pk=outlet.pk, next_at=outlet.next_at)
        if free.update(next_at=database_now() + LEASE):
            with on_its_own(outlet.agency.language):
                look_at(outlet)


def look_at(outlet: Outlet) -> int:
    """What is new in one feed: how many items."""
    try:
        said = line.feed_at(outlet.feed, outlet.cursor)
    except TurnedAway as no:
        actions.note_silence(outlet, str(no), no.again_after)
        return 0
    except Unreachable as why:
        actions.note_silence(outlet, str(why), 0)
        return 0
    return actions.take_in(outlet, said.items, said.cursor)


@every(seconds=5, lane=Lane.NETWORKS)
def read_pages() -> None:
    """One page of each outlet, the oldest asking first."""
    seen: set[object] = set()
    for printed in Printed.objects.to_read(database_now()).select_related("outlet__agency")[:500]:
        if printed.outlet_id in seen or len(seen) >= AT_ONCE:
            continue
        seen.add(printed.outlet_id)
        free = Printed.objects.filter(pk=printed.pk, next_at=printed.next_at, read_at=None)
        if free.update(next_at=database_now() + LEASE):
            with on_its_own(printed.outlet.agency.language):
                read_page(printed)


def read_page(printed: Printed) -> None:
    try:
        actions.keep_page(printed, line.page_at(printed.url))
    except line.NotRead as trouble:
        actions.miss_page(printed, trouble)


@every(seconds=5)
def hold_against() -> None:
    """What was read, against what is followed."""
    rows = Printed.objects.readable().filter(matched_at=None).select_related("outlet__agency")
    for printed in rows.order_by("found_at")[:AT_ONCE]:
        with on_its_own(printed.outlet.agency.language):
            actions.hold_against_all(printed)


@every(seconds=20)
def search_back() -> None:
    """What is followed from now on, or with other messages, against what had arrived before."""
    rows = Coverage.objects.filter(searched_at=None).select_related("agency", "moment", "campaign")
    for coverage in rows.order_by("made_at")[:AT_ONCE]:
        with on_its_own(coverage.agency.language):
            actions.search_back(coverage)


@every(seconds=3600)
def forget_printed() -> None:
    actions.forget_printed(timezone.now())
