"""A mail server on loopback that does exactly as it is told."""

from __future__ import annotations

import email
import email.policy
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from tests.peers.starting import free_port

from commonground.kit.environment import mailers

SENDER = "newsroom@harbour.example"


@dataclass
class Server:
    """What the mail server took, and what it says to whom."""

    port: int = 0
    taken: list = field(default_factory=list)  # envelopes, each with its message read
    at_rcpt: dict = field(default_factory=dict)  # address: answers to give, the last for ever
    at_data: dict = field(default_factory=dict)
    hang_up: set = field(default_factory=set)  # after it has the letter, without an answer
    no_sender: str = ""

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.no_sender:
            return self.no_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if answer := self.next_of(self.at_rcpt, address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        address = envelope.rcpt_tos[0]
        if answer := self.next_of(self.at_data, address):
            return answer
        envelope.mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append(envelope)
        if address in self.hang_up:
            server.transport.abort()
        return "250 OK"

    def next_of(self, answers, address):
        said = answers.get(address, [])
        return said.pop(0) if len(said) > 1 else (said[0] if said else "")

    def got(self, address):
        return [e for e in self.taken if e.rcpt_tos == [address]]


@contextmanager
def a_mail_server(settings):
    """A real SMTP server on loopback, which the desk's settings name."""
    server = Server(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    name_it(settings, server.port)
    try:
        yield server
    finally:
        controller.stop()


def name_it(settings, port):
    url = f"smtp://127.0.0.1:{port}"
    settings.MAILERS = mailers(url)
    settings.DEFAULT_FROM_EMAIL = SENDER
    settings.ENV = settings.ENV.model_copy(
        update={"mail_url": url, "site_url": "https://harbour.example"}
    )
