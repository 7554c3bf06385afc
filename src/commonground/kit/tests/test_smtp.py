"""Opening the line to a mail server takes so long at most, however the server behaves."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from django.core.mail import mailers
from django.core.mail.utils import DNS_NAME

from commonground.kit import smtp
from commonground.kit.environment import mailers as named

DRIP = 0.05
# The head of a record of 16,384 bytes, of which the first come.
RECORD = b"\x16\x03\x03\x40\x00" + bytes(400)


@contextmanager
def server(settings, *answers, scheme="smtp"):
    """Answers each line with the next answer, a letter at a time from the one that is a list on."""
    door, ended = socket.create_server(("127.0.0.1", 0)), threading.Event()
    settings.MAILERS = named(f"{scheme}://127.0.0.1:{door.getsockname()[1]}")

    def serve():
        with suppress(OSError):
            talk, _ = door.accept()
            with talk:
                for answer in answers:
                    for part in answer:
                        talk.sendall(part)
                        if len(answer) > 1:
                            time.sleep(DRIP)
                    talk.recv(4096)
                talk.recv(4096)
        ended.set()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield ended
    finally:
        door.close()


def drip(words):
    return [bytes([letter]) for letter in words]


@pytest.fixture(autouse=True)
def within_half_a_second(monkeypatch):
    monkeypatch.setattr(smtp.Backend, "open_within", 0.5)


@pytest.mark.parametrize(
    ("answers", "scheme"),
    [
        ([drip(b"220-hello " * 40)], "smtp"),
        ([[b"220 hi\r\n"], drip(b"250-hello\r\n" * 40)], "smtp"),
        ([drip(RECORD)], "smtps"),
        ([[b"220 hi\r\n"], [b"250-hi\r\n250 STARTTLS\r\n"], [b"220 go\r\n"], drip(RECORD)],
         "smtp+starttls"),
        ([[]], "smtp"),
    ],
    ids=["greeting", "hello", "handshake", "handshake later", "silence"],
)  # fmt: skip
def test_a_server_that_drips_is_left(settings, answers, scheme):
    with server(settings, *answers, scheme=scheme) as ended:
        with pytest.raises(TimeoutError, match="took too long"):
            mailers.default.open()
        # And the line is really cut: the server hears that, and nobody waits on for it.
        assert ended.wait(10)


def test_a_server_that_speaks_is_spoken_to(settings):
    with server(settings, [b"220 hi\r\n"], [b"250 hello\r\n"]):
        backend = mailers.default
        assert backend.open() is True
        assert backend.seen == []
        backend.connection.close()


def test_nobody_waits_to_learn_what_this_machine_is_called(settings, monkeypatch):
    over = threading.Event()
    monkeypatch.delattr(DNS_NAME, "_fqdn", raising=False)
    monkeypatch.setattr(socket, "getfqdn", lambda: over.wait(60) and "never")
    monkeypatch.setattr(smtp, "OUR_NAME_WITHIN", 0.05)
    with server(settings, [b"220 hi\r\n"], [b"250 hello\r\n"]):
        backend = mailers.default
        assert backend.open()
        backend.connection.close()
    over.set()


def test_nobody_at_the_door_is_said_at_once(settings):
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.MAILERS = named(f"smtp://127.0.0.1:{door.getsockname()[1]}")
    with pytest.raises(ConnectionError):
        mailers.default.open()
