"""Takes answers to the mail server, each to the one who asked, never one twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from commonground.channels.line.readers import handing
from commonground.channels.line.readers.handing import Answer, Handful, Stopped
from commonground.channels.line.readers.models import Fate
from commonground.channels.line.smtp import Line, NoLine, NotSetUp, line
from commonground.channels.networks.mailbox import writing
from commonground.channels.networks.mailbox.models import Dispatch, Received, Reply, Writer
from commonground.kit.clock import database_now

# How long a letter can be answered from here. Its words are the inbox's, and go by its rules.
ANSWERABLE = timedelta(days=400)


class Answers(Handful):
    """What one line to the mail server has in hand."""

    KIND: ClassVar = Dispatch
    SILENT: ClassVar = timedelta(minutes=5)  # longer than the line waits for the last answer
    WITH: ClassVar = ("issue__channel__agency", "issue__answers", "reader")

    def over(self) -> None:
        try:
            with line() as open_line:
                for row in self.rows:
                    if not open_line.up:
                        return
                    self.settled += self.take(open_line, row)
        except NoLine as trouble:
            raise Stopped(in_words(trouble)) from trouble

    def take(self, open_line: Line, row: Dispatch) -> bool:
        """One answer. Whether its fate is known now. What nobody began is put back."""
        if row.reader is None or row.issue.withdrawn_at:
            return self.settle(row, Answer(Fate.LEFT))
        try:
            letter, to = writing.letter_for(row, row.reader), row.reader.said["address"]
            path = writing.return_path(row.issue, row.issue.channel.handle)
        except Exception as trouble:  # also whatever a library makes of an odd address
            return self.unwritable(row, trouble)
        try:
            answer = open_line.hand_over(path, to, letter, going=lambda: self.begin(row))
        except NoLine as trouble:
            self.broke(row, trouble)
            raise
        except Stopped:
            open_line.leave()
            raise
        return answer is not None and self.settle(row, answer)

    def broke(self, row: Dispatch, trouble: NoLine) -> None:
        """The line broke before the letter's first byte: it certainly did not leave."""
        ours = Dispatch.objects.filter(pk=row.pk, held_by=row.held_by, fate=Fate.HANDING)
        ours.update(fate=Fate.WAITING)
        self.settle(row, Answer(Fate.WAITING, str(trouble)))

    @classmethod
    def learn(cls, row: Any, answer: Answer) -> None:
        """Of the writer nothing is learned: whether they are answered again is for a person."""


def send_some() -> int:
    """One line's round: how many answers were settled."""
    return handing.send_some(Answers)


def in_words(trouble: NoLine) -> str:
    if isinstance(trouble, NotSetUp):
        return _("This desk sends no e-mail yet. Whoever runs it must set COMMONGROUND_MAIL_URL.")
    return _("The mail server takes nothing: %(why)s") % {"why": trouble}


def tidy_up() -> None:
    """Forget who was answered when, what is too old to be answered, and whoever wrote it."""
    now: datetime = database_now()
    handing.forget_who(Reply, now)
    Received.objects.filter(told=True, came_at__lte=now - ANSWERABLE).delete()
    Writer.objects.filter(received=None, handings=None).delete()
