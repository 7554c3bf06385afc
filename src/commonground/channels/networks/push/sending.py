"""Takes notices to the push services, each to one device, never one twice.

A line takes some rows in hand. Right before a notice leaves it writes "handing over", and
afterwards what the service said. Whoever dies in between leaves a row that nobody sends again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from commonground.channels.networks.push import joining, line, writing
from commonground.channels.networks.push.line import Answer, Parcel
from commonground.channels.networks.push.models import (
    Fate,
    Handover,
    Notice,
    Subscription,
    Voice,
)
from commonground.channels.states import State
from commonground.kit.clock import database_now

log = logging.getLogger(__name__)

AT_ONCE = 50  # notices in one round of a line
HELD = timedelta(minutes=3)  # then others may take what a line has not begun
# Longer than a line waits for an answer: whoever is silent for so long is dead.
SILENT = timedelta(minutes=2)
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60)]  # after "not now", for one device
STOPPED_PAUSE = timedelta(seconds=20)
DEAF_PAUSE = timedelta(seconds=20)  # for the others of a service that does not answer
REFUSED_IN_A_ROW = 5
LINKED = timedelta(days=30)


class Stopped(Exception):
    """Nothing may leave now. The message is why, in words."""


def send_some() -> int:
    """One line's round: how many notices were settled."""
    if not Handover.objects.filter(fate__in=[Fate.WAITING, Fate.HANDING]).exists():
        return 0
    now = database_now()
    give_up(now)
    mine = claim(now)
    if not mine:
        return 0
    hand = Handful(mine)
    try:
        hand.over()
    except Stopped as why:
        hand.stopped(str(why))
    finally:
        hand.put_back()
    return hand.settled


# What must arrive soonest goes first: an urgent warning waits behind no other news.
SOONEST = ("notice__not_after", "next_at", "pk")


def claim(now: datetime) -> list[Handover]:
    """Rows whose turn it is, held by nobody but us for a while."""
    me = uuid4()
    due = Handover.objects.due(now).filter(notice__channel__state=State.READY)
    rows = list(due.order_by(*SOONEST).values_list("pk", flat=True)[:AT_ONCE])
    Handover.objects.due(now).filter(pk__in=rows).update(held_by=me, held_until=now + HELD)
    mine = Handover.objects.filter(pk__in=rows, held_by=me, fate=Fate.WAITING)
    whole = mine.select_related("notice__channel__agency", "notice__channel__voice", "subscription")
    return list(whole.order_by(*SOONEST))


@dataclass
class Handful:
    """What one line has in hand."""

    rows: Sequence[Handover]
    settled: int = 0
    pause: timedelta = timedelta()
    deaf: dict[str, datetime] = field(default_factory=dict)  # services, and when to ask again

    def over(self) -> None:
        if not line.is_installed():
            raise Stopped(not_installed())
        for row in self.rows:
            self.settled += self.take(row)

    def take(self, row: Handover) -> bool:
        """One notice. Whether its fate is known now. What nobody began is put back."""
        device = row.subscription
        if device is None or row.notice.withdrawn_at:
            return settle(row, Answer(Fate.LEFT))
        now = database_now()
        try:
            parcel = writing.parcel_for(row, device, now)
        except Exception as trouble:  # a seal, a key or a library: our fault, whatever it is
            log.error("a notice of %s cannot be written: %s", row.notice_id, type(trouble).__name__)
            why = _("The desk cannot write this notice.")
            return settle(row, Answer(Fate.REFUSED, why, about_us=True))
        if again_at := self.deaf.get(parcel.to.origin):
            return postpone(row, again_at)
        return begin(row) and self.hand_over(row, parcel)

    def hand_over(self, row: Handover, parcel: Parcel) -> bool:
        answer = line.hand_over(parcel)
        if answer.all_of_it:
            self.deaf[parcel.to.origin] = answer.again_at or database_now() + DEAF_PAUSE
        return settle(row, answer)

    def stopped(self, why: str) -> None:
        self.pause = STOPPED_PAUSE
        notices = {row.notice_id for row in self.rows}
        Notice.objects.filter(pk__in=notices).update(trouble=why[:200])

    def put_back(self) -> None:
        """What we had not come to is free again: at once, or in a while if nothing may leave."""
        ours = Handover.objects.filter(held_by=self.rows[0].held_by, fate=Fate.WAITING)
        ours.filter(pk__in=[row.pk for row in self.rows]).update(
            held_by=None, held_until=None, next_at=database_now() + self.pause
        )


def not_installed() -> str:
    return _(
        "This desk cannot send notices yet. Whoever runs it must install the part for it:"
        " pip install 'commonground[push]'."
    )


def begin(row: Handover) -> bool:
    """Write down that it may leave from here on, if it still may."""
    now = database_now()
    still = Handover.objects.filter(
        pk=row.pk, fate=Fate.WAITING, held_by=row.held_by, subscription__isnull=False,
        notice__withdrawn_at=None, notice__not_after__gt=now, notice__channel__state=State.READY,
    )  # fmt: skip
    if import_string(settings.STOPPED_BY)(row.notice.channel.agency_id):
        raise Stopped(_("Everything is stopped. It waits."))
    return bool(still.update(fate=Fate.HANDING, held_until=now + SILENT))


def postpone(row: Handover, again_at: datetime) -> bool:
    """Its service answers nobody now: it was not tried, so it costs no try."""
    ours = Handover.objects.filter(pk=row.pk, held_by=row.held_by, fate=Fate.WAITING)
    ours.update(next_at=again_at, held_by=None, held_until=None)
    return False


def settle(row: Handover, answer: Answer) -> bool:
    """Write down what became of it. A line that was taken for dead still knows better."""
    now = database_now()
    rows = Handover.objects.filter(pk=row.pk, held_by=row.held_by)
    open_to_us = rows.filter(fate__in=[Fate.WAITING, Fate.HANDING, Fate.UNCERTAIN])
    if answer.fate == Fate.WAITING:
        again_at = answer.again_at or now + PAUSES[min(row.tries, len(PAUSES) - 1)]
        return not open_to_us.update(
            fate=Fate.WAITING, tries=F("tries") + 1, next_at=again_at, why=answer.why[:200],
            held_by=None, held_until=None,
        )  # fmt: skip
    with transaction.atomic():
        done = open_to_us.update(fate=answer.fate, settled_at=now, why=answer.why[:200])
        if done:
            learn(row, answer)
    return bool(done)


def learn(row: Handover, answer: Answer) -> None:
    """What an answer says of the device itself."""
    if row.subscription_id is None:
        return
    device = Subscription.objects.filter(pk=row.subscription_id)
    if answer.fate == Fate.TAKEN:
        device.exclude(refusals=0).update(refusals=0)
        Notice.objects.filter(pk=row.notice_id).exclude(trouble="").update(trouble="")
    elif answer.fate == Fate.REFUSED and not answer.about_us:
        device.update(refusals=F("refusals") + 1)
        gone = device if answer.gone else device.filter(refusals__gte=REFUSED_IN_A_ROW)
        joining.remove(gone, "gone")


def give_up(now: datetime) -> None:
    """What a dead line left behind is uncertain; what is too late, or nobody's, does not go out."""
    hung = Handover.objects.filter(fate=Fate.HANDING, held_until__lte=now)
    hung.update(fate=Fate.UNCERTAIN, settled_at=now, why=_("The desk stopped while it was sent."))
    free = Q(held_until=None) | Q(held_until__lte=now)
    waiting = Handover.objects.filter(free, fate=Fate.WAITING)
    waiting.filter(notice__not_after__lte=now).update(fate=Fate.LATE, settled_at=now)
    gone = Q(subscription=None) | Q(notice__withdrawn_at__isnull=False)
    waiting.filter(gone).update(fate=Fate.LEFT, settled_at=now)


# What is kept, and how long


def tidy_up() -> None:
    """Forget the readers of a channel that is closed for good, and who got which notice."""
    now = database_now()
    joining.DOOR.forget(now)
    Subscription.objects.filter(channel__state=State.CLOSED).delete()
    Voice.objects.filter(channel__state=State.CLOSED).delete()
    for notice in Notice.objects.filter(made_at__lte=now - LINKED, handovers__gt=0).distinct():
        fold(notice)


@transaction.atomic
def fold(notice: Notice) -> None:
    """Keep how many met which fate, and of no device which."""
    held = Notice.objects.select_for_update().get(pk=notice.pk)
    Notice.objects.filter(pk=held.pk).update(folded=dict(held.fates()))
    held.handovers.all().delete()
