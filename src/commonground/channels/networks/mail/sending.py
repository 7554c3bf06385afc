"""Takes letters to the mail server, each to one person, never one twice (see line.readers)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet

from commonground.channels.line.by_letter import ByLetter, in_words
from commonground.channels.line.readers import handing
from commonground.channels.line.readers.handing import (
    AT_ONCE,
    LINKED,
    PAUSES,
    Answer,
)
from commonground.channels.line.readers.models import bare_pictures
from commonground.channels.line.smtp import Line, NoLine, line
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


class Letters(ByLetter):
    """What one line to the mail server has in hand."""

    KIND: ClassVar = Recipient
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

    def written(self, row: Recipient) -> tuple[str, str, bytes] | None:
        person = row.reader
        if person is None or person.confirmed_at is None or row.issue.withdrawn_at:
            return None
        letter = writing.letter_for(row, person)
        return addresses.return_path(row.token), person.address, letter


def send_some() -> int:
    """One line's round: how many letters were settled."""
    return handing.send_some(Letters)


def claim(now: datetime) -> list[Recipient]:
    return handing.claim(Letters, now)


def begin(row: Recipient) -> bool:
    return Letters([row]).begin(row)


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
