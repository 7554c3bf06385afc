"""Takes notices to the push services, each to one device, never one twice (see line.readers)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from django.db.models import F
from django.utils.translation import gettext as _

from commonground.channels.line.readers import handing
from commonground.channels.line.readers.handing import Answer, Handful, Stopped
from commonground.channels.networks.push import joining, line, writing
from commonground.channels.networks.push.line import Parcel
from commonground.channels.networks.push.models import (
    Fate,
    Handover,
    Notice,
    Subscription,
    Voice,
)
from commonground.channels.states import State
from commonground.kit.clock import database_now

DEAF_PAUSE = timedelta(seconds=20)  # for the others of a service that does not answer
REFUSED_IN_A_ROW = 5


@dataclass
class Parcels(Handful):
    """What one line to the push services has in hand."""

    KIND: ClassVar = Handover
    SILENT: ClassVar = timedelta(minutes=2)  # longer than a line waits for an answer
    WITH: ClassVar = ("issue__channel__agency", "issue__channel__voice", "reader")

    deaf: dict[str, datetime] = field(default_factory=dict)  # services, and when to ask again

    def over(self) -> None:
        if not line.is_installed():
            raise Stopped(not_installed())
        for row in self.rows:
            self.settled += self.take(row)

    def take(self, row: Handover) -> bool:
        """One notice. Whether its fate is known now. What nobody began is put back."""
        device = row.reader
        if device is None or row.issue.withdrawn_at:
            return self.settle(row, Answer(Fate.LEFT))
        try:
            parcel = writing.parcel_for(row, device, database_now())
        except Exception as trouble:
            return self.unwritable(row, trouble)
        if again_at := self.deaf.get(parcel.to.origin):
            return self.postpone(row, again_at)
        return self.begin(row) and self.hand_over(row, parcel)

    def hand_over(self, row: Handover, parcel: Parcel) -> bool:
        answer = line.hand_over(parcel)
        if answer.all_of_it:
            self.deaf[parcel.to.origin] = answer.again_at or database_now() + DEAF_PAUSE
        return self.settle(row, answer)

    def postpone(self, row: Handover, again_at: datetime) -> bool:
        """Its service answers nobody now: it was not tried, so it costs no try."""
        ours = Handover.objects.filter(pk=row.pk, held_by=row.held_by, fate=Fate.WAITING)
        ours.update(next_at=again_at, held_by=None, held_until=None)
        return False

    @classmethod
    def learn(cls, row: Handover, answer: Answer) -> None:
        if row.reader is None:
            return
        device = Subscription.objects.filter(pk=row.reader.pk)
        if answer.fate == Fate.TAKEN:
            device.exclude(refusals=0).update(refusals=0)
            return
        # A service of somebody's own that only ever keeps us waiting is none. A large one that
        # does so has a bad day, and its thousands of devices are not to be forgotten for it.
        mute = answer.fate == Fate.UNCERTAIN and row.reader.own_service
        if mute or (answer.fate == Fate.REFUSED and not answer.about_us):
            device.update(refusals=F("refusals") + 1)
            gone = device if answer.gone else device.filter(refusals__gte=REFUSED_IN_A_ROW)
            joining.remove(gone, "gone")


def send_some() -> int:
    """One line's round, for whatever device: how many notices were settled."""
    return handing.send_some(Parcels)


def send_to_large() -> int:
    """One line's round for the devices of the large services, which answer at once."""
    return handing.send_some(Parcels, reader__own_service=False)


def send_to_others() -> int:
    """One line's round for whoever has a push service of their own. It may be slow on purpose:
    no other device waits for it."""
    return handing.send_some(Parcels, reader__own_service=True)


def claim(now: datetime) -> list[Handover]:
    return handing.claim(Parcels, now)


def begin(row: Handover) -> bool:
    return Parcels([row]).begin(row)


def not_installed() -> str:
    return _(
        "This desk cannot send notices yet. Whoever runs it must install the part for it:"
        " pip install 'commonground[push]'."
    )


# What is kept, and how long


def tidy_up() -> None:
    """Forget the readers of a channel that is closed for good, and who got which notice."""
    now = database_now()
    joining.DOOR.forget(now)
    Subscription.objects.filter(channel__state=State.CLOSED).delete()
    Voice.objects.filter(channel__state=State.CLOSED).delete()
    handing.forget_who(Notice, now)
