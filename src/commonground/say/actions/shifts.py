"""What workers write about themselves: that they are here, and what the dead left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from commonground.agency.models import Agency
from commonground.kit.clock import database_now
from commonground.record.actions import THE_DESK, witness
from commonground.say.models import Delivery, Restart, Shift, Watch

# A worker says that it lives every few seconds. One that has been silent for this long is
# dead, wherever it ran; what it held is free by then, because its leases ended.
SEEN_EVERY = timedelta(seconds=5)
SILENT_FOR = timedelta(seconds=60)
WATCH_LASTS = timedelta(seconds=30)  # two sweeps: another takes over after one is missed


@dataclass
class Mine:
    """The shift of this process, if it is a worker's."""

    pk: UUID | None = None


MINE = Mine()


def clock_in(host: str, pid: int) -> Shift:
    now = database_now()
    return Shift.objects.create(host=host, pid=pid, started_at=now, seen_at=now)


def still_here(shift: UUID) -> None:
    Shift.objects.filter(pk=shift, ended_at=None).update(seen_at=database_now())


def clock_out(shift: UUID) -> None:
    """Everything in hand was finished: nothing is left to settle."""
    Shift.objects.filter(pk=shift).update(ended_at=database_now())
    Watch.objects.filter(held_by=shift).update(held_by=None, until=None)


@transaction.atomic
def relieve(shift: Shift) -> bool:
    """Take over from a worker that died: free what it held, and say so to each agency."""
    dead = Shift.objects.filter(pk=shift.pk, relieved=False, ended_at=None)
    now = database_now()
    if not dead.update(relieved=True, ended_at=now):
        return False
    Watch.objects.filter(held_by=shift.pk).update(held_by=None, until=None)
    open_ = Delivery.objects.unfinished().filter(handed_over_at=None)
    left = open_.filter(held_by=shift.pk).filter(
        Q(lease_until__isnull=False) | Q(state__in=["sending", "unsure"])
    )
    # A desk for drills only if something was in hand there: each member has one of their own.
    held = set(left.values_list("agency", flat=True))
    for agency in Agency.objects.filter(Q(drill=False) | Q(pk__in=held)):
        restart = Restart.objects.create(agency=agency, stopped_at=shift.seen_at, at=now)
        ours = left.filter(agency=agency)
        found = ours.update(
            restart=restart,
            attempt_then=F("attempt"),
            epoch=F("epoch") + 1,
            lease_until=None,
            called_at=None,
        )
        witness("restart", restart, by=THE_DESK, in_hand=found)
    return True


@transaction.atomic
def watch(name: str, shift: UUID) -> bool:
    """Be the only one who sweeps, for a while. False: another does."""
    now = database_now()
    Watch.objects.get_or_create(name=name)
    free = Q(until=None) | Q(until__lte=now) | Q(held_by=shift)
    mine = Watch.objects.filter(free, name=name)
    return bool(mine.update(held_by=shift, until=now + WATCH_LASTS))


def silent(now: datetime) -> Q:
    return Q(ended_at=None, seen_at__lte=now - SILENT_FOR)
