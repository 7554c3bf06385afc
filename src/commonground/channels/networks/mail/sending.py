"""Takes letters to the mail server, each to one person, never one twice.

A line takes some rows in hand. Right before a letter's bytes it writes "handing over", and
after them what the server said. Whoever dies in between leaves a row that nobody sends again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from commonground.channels.networks.mail import addresses, joining, writing
from commonground.channels.networks.mail.bounces import note_refusal
from commonground.channels.networks.mail.line import Answer, Line, NoLine, NotSetUp, line
from commonground.channels.networks.mail.models import (
    Fate,
    Letter,
    Owed,
    Recipient,
    Subscriber,
    bare_pictures,
)
from commonground.channels.states import State
from commonground.kit.clock import database_now
from commonground.kit.sealed import SealBroken

log = logging.getLogger(__name__)

AT_ONCE = 50  # letters over one line; many servers hang up after a hundred
HELD = timedelta(minutes=3)  # then others may take what a line has not begun
# Longer than a line waits for the last answer: whoever is silent for so long is dead.
SILENT = timedelta(minutes=5)
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60)]  # after "not now", for one address
NO_LINE_PAUSE = timedelta(seconds=20)
LINKED = timedelta(days=30)


class Stopped(NoLine):
    """Somebody stopped everything."""


def send_some() -> int:
    """One line's round: how many letters were settled."""
    if not Recipient.objects.filter(fate__in=[Fate.WAITING, Fate.HANDING]).exists():
        return 0
    now = database_now()
    give_up(now)
    mine = claim(now)
    if not mine:
        return 0
    hand = Handful(mine)
    try:
        with line() as open_line:
            hand.over(open_line)
    except NoLine as trouble:
        hand.stopped(in_words(trouble))
    finally:
        hand.put_back()
    return hand.settled


# What must arrive soonest goes first: an urgent warning waits behind no newsletter.
SOONEST = ("letter__not_after", "next_at", "pk")


def claim(now: datetime) -> list[Recipient]:
    """Rows whose turn it is, held by nobody but us for a while."""
    me = uuid4()
    due = Recipient.objects.due(now).filter(letter__channel__state=State.READY)
    rows = list(due.order_by(*SOONEST).values_list("pk", flat=True)[:AT_ONCE])
    Recipient.objects.due(now).filter(pk__in=rows).update(held_by=me, held_until=now + HELD)
    mine = Recipient.objects.filter(pk__in=rows, held_by=me, fate=Fate.WAITING)
    whole = mine.select_related("letter__channel__agency", "subscriber").order_by(*SOONEST)
    return list(whole.prefetch_related(bare_pictures("letter__pictures")))


@dataclass
class Handful:
    """What one line has in hand."""

    rows: Sequence[Recipient]
    settled: int = 0
    trouble: str = ""

    def over(self, open_line: Line) -> None:
        for row in self.rows:
            if not open_line.up:
                return
            self.settled += self.take(open_line, row)

    def take(self, open_line: Line, row: Recipient) -> bool:
        """One letter. Whether its fate is known now. What nobody began is put back."""
        person = row.subscriber
        if person is None or person.confirmed_at is None or row.letter.withdrawn_at:
            return settle(row, Answer(Fate.LEFT))
        try:
            letter, to = writing.letter_for(row, person), person.address
        except (SealBroken, ValueError) as trouble:
            log.error("a letter of %s cannot be written: %s", row.letter_id, type(trouble).__name__)
            return settle(row, Answer(Fate.REFUSED, _("The desk cannot write this letter.")))
        path = addresses.return_path(row.token)
        try:
            answer = open_line.hand_over(path, to, letter, going=lambda: begin(row))
        except NoLine:
            take_back_begin(row)
            raise
        return answer is not None and settle(row, answer)

    def stopped(self, why: str) -> None:
        """The server, or our own settings, are in the way of all of them."""
        self.trouble = why
        letters = {row.letter_id for row in self.rows}
        Letter.objects.filter(pk__in=letters).update(trouble=why[:200])

    def put_back(self) -> None:
        """What we had not come to is free again: at once, or in a while if nobody gets through."""
        later = database_now() + (NO_LINE_PAUSE if self.trouble else timedelta())
        ours = Recipient.objects.filter(held_by=self.rows[0].held_by, fate=Fate.WAITING)
        ours.filter(pk__in=[row.pk for row in self.rows]).update(
            held_by=None, held_until=None, next_at=later
        )


def begin(row: Recipient) -> bool:
    """Write down that it may leave from here on, if it still may."""
    now = database_now()
    still = Recipient.objects.filter(
        pk=row.pk, fate=Fate.WAITING, held_by=row.held_by, subscriber__confirmed_at__isnull=False,
        letter__withdrawn_at=None, letter__not_after__gt=now, letter__channel__state=State.READY,
    )  # fmt: skip
    if import_string(settings.STOPPED_BY)(row.letter.channel.agency_id):
        raise Stopped
    return bool(still.update(fate=Fate.HANDING, held_until=now + SILENT))


def take_back_begin(row: Recipient) -> None:
    """The line broke before the letter's first byte: it certainly did not leave."""
    ours = Recipient.objects.filter(pk=row.pk, held_by=row.held_by, fate=Fate.HANDING)
    ours.update(fate=Fate.WAITING)


def settle(row: Recipient, answer: Answer) -> bool:
    """Write down what became of it. A line that was taken for dead still knows better."""
    now = database_now()
    rows = Recipient.objects.filter(pk=row.pk, held_by=row.held_by)
    open_to_us = rows.filter(fate__in=[Fate.WAITING, Fate.HANDING, Fate.UNCERTAIN])
    if answer.fate == Fate.WAITING:
        pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
        return not open_to_us.update(
            fate=Fate.WAITING, tries=F("tries") + 1, next_at=now + pause, why=answer.why[:200],
            held_by=None, held_until=None,
        )  # fmt: skip
    with transaction.atomic():
        done = open_to_us.update(fate=answer.fate, settled_at=now, why=answer.why[:200])
        if done and answer.fate == Fate.REFUSED and not answer.about_us:
            note_refusal(row, nobody=answer.nobody)
        if done and answer.fate == Fate.TAKEN and row.letter.trouble:
            Letter.objects.filter(pk=row.letter_id).update(trouble="")
    return bool(done)


def give_up(now: datetime) -> None:
    """What a dead line left behind is uncertain; what is too late, or nobody's, does not go out."""
    hung = Recipient.objects.filter(fate=Fate.HANDING, held_until__lte=now)
    hung.update(fate=Fate.UNCERTAIN, settled_at=now, why=_("The desk stopped while it was sent."))
    free = Q(held_until=None) | Q(held_until__lte=now)
    waiting = Recipient.objects.filter(free, fate=Fate.WAITING)
    waiting.filter(letter__not_after__lte=now).update(fate=Fate.LATE, settled_at=now)
    gone = Q(subscriber=None) | Q(letter__withdrawn_at__isnull=False)
    waiting.filter(gone).update(fate=Fate.LEFT, settled_at=now)


def in_words(trouble: NoLine) -> str:
    if isinstance(trouble, Stopped):
        return _("Everything is stopped. It waits.")
    if isinstance(trouble, NotSetUp):
        return _("This desk sends no e-mail yet. Whoever runs it must set COMMONGROUND_MAIL_URL.")
    return _("The mail server takes nothing: %(why)s") % {"why": trouble}


# What concerns somebody's own subscription


def send_own() -> None:
    """The letters we owe about subscriptions. Sent twice they do no harm, so no row is held."""
    owed = owed_now()
    if not owed.exists():
        return
    try:
        with line() as open_line:
            for subscriber in owed[:AT_ONCE]:
                if open_line.up:
                    send_one(open_line, subscriber)
    except NoLine as trouble:
        log.warning("letters about subscriptions wait: %s", in_words(trouble))
        owed_now().update(owed_at=database_now() + NO_LINE_PAUSE)


def owed_now() -> QuerySet[Subscriber]:
    rows = Subscriber.objects.exclude(owed=Owed.NOTHING).filter(owed_at__lte=database_now())
    return rows.select_related("channel__agency").order_by("owed_at")


def send_one(open_line: Line, subscriber: Subscriber) -> None:
    channel = subscriber.channel
    letter = writing.own_letter(subscriber, channel.agency.name, channel.name)
    path = addresses.return_path(subscriber.token)
    answer = open_line.hand_over(path, subscriber.address, letter, going=lambda: True)
    rows = Subscriber.objects.filter(pk=subscriber.pk, owed_at=subscriber.owed_at)
    if answer and answer.fate == Fate.WAITING:
        rows.update(owed_at=database_now() + PAUSES[1])
    elif answer and answer.nobody and subscriber.confirmed_at is None:
        rows.delete()  # there is nobody who could say yes
    else:
        rows.update(owed=Owed.NOTHING)


# What is kept, and how long


def tidy_up() -> None:
    """Forget who never answered, whom no letter reaches, and who got which letter."""
    now = database_now()
    joining.DOOR.forget(now)
    Subscriber.objects.unconfirmed(now).delete()
    Subscriber.objects.filter(bounced_at__lte=now - LINKED).delete()
    Subscriber.objects.filter(channel__state=State.CLOSED).delete()  # closed for good
    for letter in Letter.objects.filter(made_at__lte=now - LINKED, recipients__gt=0).distinct():
        fold(letter)


@transaction.atomic
def fold(letter: Letter) -> None:
    """Keep how many met which fate, and of nobody which."""
    held = Letter.objects.select_for_update().get(pk=letter.pk)
    Letter.objects.filter(pk=held.pk).update(folded=dict(held.fates()))
    held.recipients.all().delete()
