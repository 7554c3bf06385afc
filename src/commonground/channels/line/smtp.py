"""One line to the mail server, and what its answers mean for one letter to one person."""

from __future__ import annotations

import re
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.core.mail import mailers

from commonground.channels.contract.verdict import tidy
from commonground.channels.line import statuses
from commonground.channels.line.readers.handing import Answer
from commonground.channels.line.readers.models import Fate
from commonground.kit.outbound import shut

# After the last byte a server may look into a letter for long. Ten minutes are allowed to it
# (RFC 5321, 4.5.3.2.6); more than two, and the rest of the list waits too long.
ANSWERS_WITHIN = 120.0
# For one letter, however it drips: each byte would begin an ordinary wait anew.
LETTER_WITHIN = 180.0
DOTS = re.compile(rb"(?m)^\.")


class NoLine(Exception):
    """The server takes nothing from us now; certainly nothing left. The message is why."""


class NotSetUp(NoLine):
    """This desk was given no mail server."""


@contextmanager
def line() -> Iterator[Line]:
    """A connection as the desk's settings say. What fails on the way up did nothing."""
    backend = mailers.default
    if not settings.ENV.mail_url or not hasattr(backend, "connection"):
        raise NotSetUp
    try:
        backend.open()
        backend.connection.ehlo_or_helo_if_needed()
    except (OSError, ValueError) as trouble:
        raise NoLine(words_of(trouble)) from trouble
    try:
        yield Line(backend.connection)
    finally:
        with suppress(OSError):
            backend.close()


@contextmanager
def at_most(seconds: float, sock: socket.socket | None) -> Iterator[None]:
    """Hang up when the time is over: whoever waits on the line hears that it broke."""
    if sock is None:  # it hung up already: whoever speaks next hears that
        yield
        return
    timer = threading.Timer(seconds, shut, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class Line:
    """Speaks SMTP step by step: between the recipient and the letter we write down that it may
    leave from here on."""

    def __init__(self, smtp: smtplib.SMTP, letter_within: float = LETTER_WITHIN) -> None:
        self.smtp, self.letter_within = smtp, letter_within

    def hand_over(
        self, sender: str, to: str, letter: bytes, *, going: Callable[[], bool]
    ) -> Answer | None:
        """Hand over one letter. None: somebody else has it, or it is not to go any more."""
        with at_most(self.letter_within, self.smtp.sock):
            return self.step_by_step(sender, to, letter, going)

    def step_by_step(
        self, sender: str, to: str, letter: bytes, going: Callable[[], bool]
    ) -> Answer | None:
        try:
            refused = self.address(sender, to)
            if refused:
                return refused
            if not going():
                self.smtp.rset()
                return None
            code, said = self.smtp.docmd("data")
            if code != 354:
                return self.after(code, said)
        except OSError as trouble:
            raise NoLine(words_of(trouble)) from trouble
        return self.give(letter)

    def address(self, sender: str, to: str) -> Answer | None:
        """Both addresses on the envelope. What is said of ours is true of every letter."""
        code, said = self.smtp.mail(sender)
        if code != 250:
            raise NoLine(spoken(code, said))
        code, said = self.smtp.rcpt(to)
        return None if code in (250, 251) else self.after(code, said)

    def after(self, code: int, said: bytes) -> Answer:
        """A no in good time: nothing left."""
        if code == 421:  # it hangs up, whoever is next
            raise NoLine(spoken(code, said))
        self.smtp.rset()
        return refusal(code, said)

    def give(self, letter: bytes) -> Answer:
        """The letter itself. From here on no answer means that we do not know."""
        try:
            self.smtp.send(DOTS.sub(b"..", letter) + b".\r\n")
            if self.smtp.sock:
                self.smtp.sock.settimeout(ANSWERS_WITHIN)
            code, said = self.smtp.getreply()
        except OSError as trouble:
            return Answer(Fate.UNCERTAIN, words_of(trouble))
        if code == 250:
            return Answer(Fate.TAKEN)
        if 400 <= code < 600:
            return refusal(code, said)
        return Answer(Fate.UNCERTAIN, spoken(code, said))

    def leave(self) -> None:
        """Say nothing more of a letter that was announced."""
        with suppress(OSError):
            self.smtp.rset()

    @property
    def up(self) -> bool:
        return self.smtp.sock is not None


def refusal(code: int, said: bytes) -> Answer:
    why = spoken(code, said)
    status = statuses.status_in(why)
    fate = Fate.REFUSED if 500 <= code < 600 else Fate.WAITING
    nobody, about_us = statuses.nobody_there(status), statuses.about_us(status)
    may_pass = about_us and fate == Fate.REFUSED
    return Answer(fate, why, gone=nobody, about_us=about_us, may_pass=may_pass)


def spoken(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return tidy(f"{code} {words}")


def words_of(trouble: Exception) -> str:
    """Somebody else's error, in their words; never an address of ours or a password."""
    if isinstance(trouble, smtplib.SMTPResponseException):
        return spoken(trouble.smtp_code, trouble.smtp_error)
    return tidy(str(trouble)) or type(trouble).__name__
