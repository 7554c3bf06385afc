"""Hands a post to its readers, each on its own, never to one twice.

A line takes some rows in hand. Right before the first byte for one reader it writes "handing over",
and afterwards what was answered. Whoever dies in between leaves a row that nobody sends again.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from commonground.channels.line.readers.models import Fate, HandingBase, IssueBase
from commonground.channels.states import State
from commonground.kit.clock import database_now

log = logging.getLogger(__name__)

AT_ONCE = 50  # in one round of a line; many mail servers hang up after a hundred
HELD = timedelta(minutes=3)  # then others may take what a line has not begun
# A server that refuses us, and not the reader, may think otherwise in a quarter of an hour: what it
# says of one letter it says of the whole list.
TRIES_ABOUT_US = 3
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60)]  # after "not now", for one reader
STOPPED_PAUSE = timedelta(seconds=20)
LINKED = timedelta(days=30)
# What must arrive soonest goes first: an urgent warning waits behind no newsletter.
SOONEST = ("issue__not_after", "next_at", "pk")


class Stopped(Exception):
    """Nothing may leave now, and certainly nothing did. The message is why, in words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one, and what it says of the reader and of the server that was asked."""

    fate: Fate  # WAITING: ask again later
    why: str = ""
    again_at: datetime | None = None
    gone: bool = False  # there is nobody there, and never will be
    about_us: bool = False  # it is not the reader who is refused, it is we
    may_pass: bool = False  # and in a quarter of an hour perhaps not
    all_of_it: bool = False  # true of whatever else goes to this server now


@dataclass
class Handful(ABC):
    """What one line has in hand. A network says how it hands over, and what it learns of it."""

    KIND: ClassVar[type[HandingBase]]
    SILENT: ClassVar[timedelta]  # longer than a line waits for an answer: then it is dead
    WITH: ClassVar[Sequence[str]] = ()  # what is fetched along with each row

    rows: Sequence[Any]
    settled: int = 0
    pause: timedelta = timedelta()

    @abstractmethod
    def over(self) -> None:
        """Hand them over, one after the other; Stopped where nothing may leave at all."""

    @classmethod
    @abstractmethod
    def learn(cls, row: Any, answer: Answer) -> None:
        """What an answer says of the reader."""

    @classmethod
    def whole(cls, rows: Any) -> Any:
        return rows.select_related(*cls.WITH)

    def unwritable(self, row: HandingBase, trouble: Exception) -> bool:
        """A seal, a key, a library: whatever it is, it is our fault, and the others go on."""
        log.error("post %s cannot be written: %s", row.issue_id, type(trouble).__name__)
        why = _("The desk cannot write it for this reader.")
        return self.settle(row, Answer(Fate.REFUSED, why, about_us=True))

    def stopped(self, why: str) -> None:
        """The server, or our own settings, are in the way of all of them."""
        self.pause = timedelta() if self.settled else STOPPED_PAUSE
        issues = {row.issue_id for row in self.rows}
        issue_of(self.KIND).objects.filter(pk__in=issues).update(trouble=why[:200])

    def put_back(self) -> None:
        """What we had not come to is free again: at once, or in a while if nobody gets through."""
        ours = rows_of(self.KIND).filter(held_by=self.rows[0].held_by, fate=Fate.WAITING)
        ours.filter(pk__in=[row.pk for row in self.rows]).update(
            held_by=None, held_until=None, next_at=database_now() + self.pause
        )

    def begin(self, row: HandingBase) -> bool:
        """Write down that it may leave from here on, if it still may."""
        now = database_now()
        still = rows_of(self.KIND).filter(
            pk=row.pk, fate=Fate.WAITING, held_by=row.held_by, reader__isnull=False,
            issue__withdrawn_at=None, issue__not_after__gt=now, issue__channel__state=State.READY,
        )  # fmt: skip
        if is_stopped(row.issue.channel.agency_id):
            raise Stopped(all_stopped())
        return bool(self.may_get(still).update(fate=Fate.HANDING, held_until=now + self.SILENT))

    @classmethod
    def may_get(cls, rows: Any) -> Any:
        """Of these rows those whose readers still want it."""
        return rows

    def settle(self, row: HandingBase, answer: Answer) -> bool:
        """Write down what became of it. A line that was taken for dead still knows better."""
        now = database_now()
        if answer.may_pass and row.tries < TRIES_ABOUT_US:
            answer = replace(answer, fate=Fate.WAITING)
        rows = rows_of(self.KIND).filter(pk=row.pk, held_by=row.held_by)
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
                self.learn(row, answer)
            if done and answer.fate == Fate.TAKEN and row.issue.trouble:
                issue_of(self.KIND).objects.filter(pk=row.issue_id).update(trouble="")
        return bool(done)


def rows_of(kind: type[HandingBase]) -> Any:
    """Their table, whose links the network names."""
    return kind.objects


def issue_of(kind: type[HandingBase]) -> Any:
    """The posts of these rows."""
    return kind.issue.field.related_model


def send_some(hand: type[Handful], **only: object) -> int:
    """One line's round: how many were settled. `only`: of which readers."""
    if not rows_of(hand.KIND).filter(fate__in=[Fate.WAITING, Fate.HANDING]).exists():
        return 0
    now = database_now()
    give_up(hand.KIND, now)
    mine = claim(hand, now, **only)
    if not mine:
        return 0
    handful = hand(mine)
    try:
        handful.over()
    except Stopped as why:
        handful.stopped(str(why))
    finally:
        handful.put_back()
    return handful.settled


def claim(hand: type[Handful], now: datetime, **only: object) -> list[Any]:
    """Rows whose turn it is, held by nobody but us for a while."""
    me, kind = uuid4(), hand.KIND
    due = rows_of(kind).due(now).filter(issue__channel__state=State.READY, **only)
    if halted := halted_at(issue_of(kind), now):
        due = due.exclude(issue__channel__agency__in=halted)
    rows = list(due.order_by(*SOONEST).values_list("pk", flat=True)[:AT_ONCE])
    rows_of(kind).due(now).filter(pk__in=rows).update(held_by=me, held_until=now + HELD)
    mine = rows_of(kind).filter(pk__in=rows, held_by=me, fate=Fate.WAITING)
    return list(hand.whole(mine).order_by(*SOONEST))


def halted_at(issues: Any, now: datetime) -> list[UUID]:
    """The agencies that stopped everything: what they have to say waits, and holds up no other."""
    under_way = issues.objects.filter(not_after__gt=now, withdrawn_at=None).order_by()
    agencies = under_way.values_list("channel__agency", flat=True).distinct()
    halted = [agency for agency in agencies if is_stopped(agency)]
    if halted:
        waiting = under_way.filter(channel__agency__in=halted, handings__fate=Fate.WAITING)
        waiting.exclude(trouble=all_stopped()).update(trouble=all_stopped())
    return halted


def is_stopped(agency_id: UUID) -> bool:
    return bool(import_string(settings.STOPPED_BY)(agency_id))


def all_stopped() -> str:
    return _("Everything is stopped. It waits.")


def give_up(kind: type[HandingBase], now: datetime) -> None:
    """What a dead line left behind is uncertain; what is too late, or nobody's, does not go out."""
    hung = rows_of(kind).filter(fate=Fate.HANDING, held_until__lte=now)
    hung.update(fate=Fate.UNCERTAIN, settled_at=now, why=_("The desk stopped while it was sent."))
    free = Q(held_until=None) | Q(held_until__lte=now)
    waiting = rows_of(kind).filter(free, fate=Fate.WAITING)
    waiting.filter(issue__not_after__lte=now).update(fate=Fate.LATE, settled_at=now)
    gone = Q(reader=None) | Q(issue__withdrawn_at__isnull=False)
    waiting.filter(gone).update(fate=Fate.LEFT, settled_at=now)


def forget_who(issues: Any, now: datetime) -> None:
    """Of what is older than thirty days nobody knows any more who got it."""
    old = issues.objects.filter(made_at__lte=now - LINKED, handings__gt=0).distinct()
    for issue in old:
        fold(issue)


@transaction.atomic
def fold(issue: IssueBase) -> None:
    """Keep how many met which fate, and of nobody which."""
    rows: Any = type(issue)._default_manager
    held = rows.select_for_update().get(pk=issue.pk)
    rows.filter(pk=held.pk).update(folded=dict(held.fates()))
    held.handings.all().delete()
