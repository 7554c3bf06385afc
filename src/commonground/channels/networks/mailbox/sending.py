"""Takes answers to the mail server, each to the one who asked, never one twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from commonground.channels.line.by_letter import ByLetter
from commonground.channels.line.readers import handing
from commonground.channels.line.readers.handing import Answer
from commonground.channels.networks.mailbox import writing
from commonground.channels.networks.mailbox.models import Dispatch, Received, Reply, Writer
from commonground.kit.clock import database_now

# How long a letter can be answered from here. Its words are the inbox's, and go by its rules.
ANSWERABLE = timedelta(days=400)


class Answers(ByLetter):
    """What one line to the mail server has in hand."""

    KIND: ClassVar = Dispatch
    WITH: ClassVar = ("issue__channel__agency", "issue__answers", "reader")

    def written(self, row: Dispatch) -> tuple[str, str, bytes] | None:
        if row.reader is None or row.issue.withdrawn_at:
            return None
        letter, to = writing.letter_for(row, row.reader), row.reader.said["address"]
        return writing.return_path(row.issue, row.issue.channel.handle), to, letter

    @classmethod
    def learn(cls, row: Any, answer: Answer) -> None:
        """Of the writer nothing is learned: whether they are answered again is for a person."""


def send_some() -> int:
    """One line's round: how many answers were settled."""
    return handing.send_some(Answers)


def tidy_up() -> None:
    """Forget who was answered when, what is too old to be answered, and whoever wrote it."""
    now: datetime = database_now()
    handing.forget_who(Reply, now)
    Received.objects.filter(told=True, came_at__lte=now - ANSWERABLE).delete()
    Writer.objects.filter(received=None, handings=None).delete()
