"""The line to the mail server, opened within a time: name, greeting, handshake and sign-in.

An ordinary timeout starts again with each byte, so that a server which drips its greeting could
hold a worker for ever, and it does not count the look-up of the name.
"""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.utils import DNS_NAME

from commonground.kit.naming import looked_up, within
from commonground.kit.outbound import shut

OPEN_WITHIN = 40.0  # seconds; an honest server takes one, one that looks us up a dozen
OUR_NAME_WITHIN = 5.0


class Noted:
    """Tells whoever opens it of its socket before a word is spoken on it."""

    def __init__(self, *where: Any, seen: Callable[[socket.socket], None], **how: Any) -> None:
        self.seen = seen
        super().__init__(*where, **how)


class Dialled(smtplib.SMTP):
    """Finds its server within a time."""

    seen: Callable[[socket.socket], None]

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = connected(host, port, timeout)
        self.seen(sock)
        return sock


class Line(Noted, Dialled):
    """In the open, or secured later."""


class SecureLine(Noted, smtplib.SMTP_SSL, Dialled):
    """Secured from the first byte."""


def connected(host: str, port: int, timeout: float) -> socket.socket:
    """To the first of the name's addresses that answers; all of it within the time."""
    until = time.monotonic() + timeout
    trouble: OSError = ConnectionError(f"{host} has no address")
    for family, _, _, _, address in looked_up(host, port, timeout):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(max(until - time.monotonic(), 0.001))
        try:
            sock.connect(address)
            sock.settimeout(timeout)
            return sock
        except OSError as error:
            sock.close()
            trouble = error
    raise trouble


def know_our_name() -> None:
    """Django looks up what this machine is called, once, however long that takes."""
    try:
        within(OUR_NAME_WITHIN, DNS_NAME.get_fqdn)
    except TimeoutError:
        DNS_NAME._fqdn = "localhost"


class Backend(EmailBackend):
    """Django's own, with an end to how long opening may take."""

    open_within = OPEN_WITHIN

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.seen: list[socket.socket] = []
        self.was_cut = False

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]
        return partial(SecureLine if self.use_ssl else Line, seen=self.note)

    def note(self, sock: socket.socket) -> None:
        # Securing a line takes its socket away: of a second handle both ends hear the end.
        self.seen.append(sock.dup())

    def open(self) -> bool | None:
        know_our_name()
        timer = threading.Timer(self.open_within, self.cut)
        timer.daemon = True
        timer.start()
        try:
            opened = super().open()
            if self.connection:
                self.connection.ehlo_or_helo_if_needed()
            return opened
        except OSError as trouble:
            if self.was_cut:
                raise TimeoutError("The mail server took too long to answer.") from trouble
            raise
        finally:
            timer.cancel()
            self.let_go()

    def cut(self) -> None:
        self.was_cut = True
        for sock in self.seen:
            shut(sock)

    def let_go(self) -> None:
        while self.seen:
            self.seen.pop().close()
