"""What goes to each reader as a letter, over one line to the mail server."""

from __future__ import annotations

from abc import abstractmethod
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from commonground.channels.contract import Busy, SignInNeeded
from commonground.channels.line.readers.handing import Answer, Handful, Stopped
from commonground.channels.line.readers.models import Fate, HandingBase
from commonground.channels.line.smtp import Line, NoLine, NotSetUp, line


class ByLetter(Handful):
    """What one line to the mail server has in hand. A network says who still gets one, and how it
    is written."""

    SILENT: ClassVar = timedelta(minutes=5)  # longer than the line waits for the last answer

    @abstractmethod
    def written(self, row: Any) -> tuple[str, str, bytes] | None:
        """The path it comes back by, whom it goes to, and the letter. None: nobody is left who
        should get it."""

    def over(self) -> None:
        try:
            with line() as open_line:
                for row in self.rows:
                    if not open_line.up:
                        return
                    self.settled += self.take(open_line, row)
        except NoLine as trouble:
            raise Stopped(in_words(trouble)) from trouble

    def take(self, open_line: Line, row: HandingBase) -> bool:
        """One letter. Whether its fate is known now. What nobody began is put back."""
        try:
            written = self.written(row)
        except Exception as trouble:  # also whatever a library makes of an odd address
            return self.unwritable(row, trouble)
        if written is None:
            return self.settle(row, Answer(Fate.LEFT))
        path, to, letter = written
        try:
            answer = open_line.hand_over(path, to, letter, going=lambda: self.begin(row))
        except NoLine as trouble:
            self.broke(row, trouble)
            raise
        except Stopped:
            open_line.leave()
            raise
        return answer is not None and self.settle(row, answer)

    def broke(self, row: HandingBase, trouble: NoLine) -> None:
        """The line broke before the letter's first byte: it certainly did not leave. It may be
        this very address that makes the server hang up, so the others go first from now on."""
        ours = self.KIND._default_manager.filter(pk=row.pk, held_by=row.held_by, fate=Fate.HANDING)
        ours.update(fate=Fate.WAITING)
        self.settle(row, Answer(Fate.WAITING, str(trouble)))


def must_take_letters() -> None:
    """Whether the mail server lets us in. Raises SignInNeeded, Busy."""
    if not settings.ENV.mail_url:
        raise SignInNeeded(in_words(NotSetUp()))
    try:
        with line():
            pass
    except NoLine as trouble:
        raise Busy(in_words(trouble)) from trouble


def in_words(trouble: NoLine) -> str:
    if isinstance(trouble, NotSetUp):
        return _("This desk sends no e-mail yet. Whoever runs it must set COMMONGROUND_MAIL_URL.")
    return _("The mail server takes nothing: %(why)s") % {"why": trouble}
