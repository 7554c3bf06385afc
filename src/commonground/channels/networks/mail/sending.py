"""Takes letters to the mail server, each to one person, never one twice (see line.readers)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from commonground.channels.line.readers import handing
from commonground.channels.line.readers.handing import (
    AT_ONCE,
    LINKED,
    PAUSES,
    Answer,
    Handful,
    Stopped,
)
from commonground.channels.line.readers.models import bare_pictures
from commonground.channels.line.smtp import Line, NoLine, NotSetUp, line
from commonground.channels.networks.mail import addresses, joining, writing
from commonground.channels.networks.mail.bounces import note_refusal
from commonground.channels.networks.mail.models import (
    Fate,
    Letter,
    LetterPicture,
    Owed,
    Recipient,
    Subscriber,
)
from commonground.channels.states import State
from commonground.kit.clock import database_now

log = logging.getLogger(__name__)

NO_LINE_PAUSE = timedelta(seconds=20)


class Letters(Handful):
    """What one line to the mail server has in hand."""

    KIND: ClassVar = Recipient
    SILENT: ClassVar = timedelta(minutes=5)  # longer than the line waits for the last answer
    WITH: ClassVar = ("issue__channel__agency", "reader")

    @classmethod
    def whole(cls, rows: Any) -> Any:
        return super().whole(rows).prefetch_related(bare_pictures("issue__pictures", LetterPicture))

    @classmethod
    def may_get(cls, rows: Any) -> Any:
        return rows.filter(reader__confirmed_at__isnull=False)

    @classmethod
    def learn(cls, row: Recipient, answer: Answer) -> None:
        if answer.fate == Fate.REFUSED and not answer.about_us:
            note_refusal(row, nobody=answer.gone)

    def over(self) -> None:
        try:
            with line() as open_line:
                for row in self.rows:
                    if not open_line.up:
                        return
                    self.settled += self.take(open_line, row)
        except NoLine as trouble:
            raise Stopped(in_words(trouble)) from trouble

    def take(self, open_line: Line, row: Recipient) -> bool:
        """One letter. Whether its fate is known now. What nobody began is put back."""
        person = row.reader
        if person is None or person.confirmed_at is None or row.issue.withdrawn_at:
            return self.settle(row, Answer(Fate.LEFT))
        try:
            letter, to = writing.letter_for(row, person), person.address
        except Exception as trouble:  # also whatever a library makes of an odd address
            return self.unwritable(row, trouble)
        path = addresses.return_path(row.token)
        try:
            answer = open_line.hand_over(path, to, letter, going=lambda: self.begin(row))
        except NoLine as trouble:
            self.broke(row, trouble)
            raise
        except Stopped:
            open_line.leave()
            raise
        return answer is not None and self.settle(row, answer)

    def broke(self, row: Recipient, trouble: NoLine) -> None:
        """The line broke before the letter's first byte: it certainly did not leave. It may be
        this very address that makes the server hang up, so the others go first from now on."""
        ours = Recipient.objects.filter(pk=row.pk, held_by=row.held_by, fate=Fate.HANDING)
        ours.update(fate=Fate.WAITING)
        self.settle(row, Answer(Fate.WAITING, str(trouble)))


def send_some() -> int:
    """One line's round: how many letters were settled."""
    return handing.send_some(Letters)


def claim(now: datetime) -> list[Recipient]:
    return handing.claim(Letters, now)


def begin(row: Recipient) -> bool:
    return Letters([row]).begin(row)


def in_words(trouble: NoLine) -> str:
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
    elif answer and answer.gone and subscriber.confirmed_at is None:
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
    handing.forget_who(Letter, now)
