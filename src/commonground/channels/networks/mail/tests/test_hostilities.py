"""No mail server, however wrong, has us send a letter twice or believe what did not happen."""

import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from commonground.channels.line import smtp as lines
from commonground.channels.networks.mail.adapter import told
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import a_letter, a_reader, fates, name_it

pytestmark = pytest.mark.django_db
GOOD = {"hello": "220 hi", "ehlo": "250 hi", "mail": "250 ok", "rcpt": "250 ok", "data": "354 go",
        "letter": "250 taken", "rset": "250 ok", "quit": "221 bye"}  # fmt: skip
GONE = None  # hangs up instead of an answer


class Liar:
    """Speaks just enough SMTP, line by line, and answers each step as it is told."""

    def __init__(self, **answers):
        self.answers, self.letters = {**GOOD, **answers}, []

    def serve(self, talk):
        with suppress(OSError), talk, talk.makefile("rb") as heard:
            if not self.answer(talk, "hello"):
                return
            for words in heard:
                verb = words.split(None, 1)[0].lower().decode("latin-1") if words.split() else ""
                if not self.answer(talk, verb):
                    return
                if verb == "data" and self.answers["data"].startswith("354"):
                    self.letters.append(self.letter_in(heard))
                    if not self.answer(talk, "letter"):
                        return

    def letter_in(self, heard):
        whole = b""
        for line in heard:
            if line == b".\r\n":
                return whole
            whole += line
        return None

    def answer(self, talk, step):
        said = self.answers.get(step, "500 what?")
        if said is GONE:
            return False
        try:
            talk.sendall(said.encode("latin-1") + b"\r\n")
        except OSError:
            return False
        return True


@contextmanager
def listening(liar, settings):
    door = socket.create_server(("127.0.0.1", 0))
    name_it(settings, door.getsockname()[1])

    def open_it():
        while True:
            try:
                talk, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=liar.serve, args=[talk], daemon=True).start()

    threading.Thread(target=open_it, daemon=True).start()
    try:
        yield liar
    finally:
        door.close()


BEFORE = {
    "no word": {"hello": GONE},
    "not now, at the door": {"hello": "421 4.3.2 Going down"},
    "no, at the door": {"hello": "554 No"},
    "nonsense at the door": {"hello": "\xff\xfe\x00 what"},
    "hangs up after hello": {"ehlo": GONE},
    "hangs up at our address": {"mail": GONE},
    "going down at our address": {"mail": "421 4.3.2 Going down"},
    "refuses our address": {"mail": "550 5.1.8 Who?"},
    "hangs up at theirs": {"rcpt": GONE},
    "going down at theirs": {"rcpt": "421 Bye"},
    "hangs up before the letter": {"data": GONE},
    "going down before the letter": {"data": "421 Bye"},
    "an endless answer": {"rcpt": "250-" + "x" * 100_000},
    "nonsense as an answer": {"mail": "banana"},
}


@pytest.mark.parametrize("how", BEFORE)
def test_what_happens_before_the_letter_costs_nobody_theirs(settings, channel, how):
    a_reader(channel)
    letter = a_letter(channel)
    with listening(Liar(**BEFORE[how]), settings) as liar:
        send_some()

    assert fates(letter) == {"waiting": 1}
    assert liar.letters == []
    assert "takes nothing" in told(letter.key)
    assert told(letter.key).isprintable()


AFTER = {
    "hangs up": (GONE, "uncertain"),
    "nonsense": ("banana", "uncertain"),
    "another question": ("354 go on", "uncertain"),
    "a hello": ("220 hi", "uncertain"),
    "an endless answer": ("250-" + "x" * 100_000, "uncertain"),
    "no": ("554 5.6.0 Odd", "refused"),
    "not now": ("451 4.3.0 Later", "waiting"),
    "yes": ("250 2.0.0 Ok", "taken"),
    "yes, in lines": ("250-2.0.0\r\n250 Ok", "taken"),
    "yes, oddly": ("250 \xff\x1b[31m", "taken"),
}


@pytest.mark.parametrize("how", AFTER)
def test_what_is_said_after_the_letter_is_taken_as_it_is_meant(settings, channel, how):
    a_reader(channel)
    letter = a_letter(channel)
    said, fate = AFTER[how]
    with listening(Liar(letter=said), settings) as liar:
        send_some()
        send_some()

    assert fates(letter) == {fate: 1}
    assert len(liar.letters) == 1
    assert letter.handings.get().why.isprintable()


def test_a_server_that_never_answers_is_not_waited_for_for_ever(settings, channel, monkeypatch):
    monkeypatch.setattr(lines, "ANSWERS_WITHIN", 0.3)
    a_reader(channel)
    letter = a_letter(channel)
    silence = threading.Event()

    class Silent(Liar):
        def answer(self, talk, step):
            if step == "letter":
                silence.wait(20)
            return super().answer(talk, step)

    with listening(Silent(), settings):
        send_some()
        silence.set()

    assert fates(letter) == {"uncertain": 1}


@pytest.mark.parametrize("code", [250, 251])
def test_a_recipient_who_is_passed_on_is_taken(settings, channel, code):
    a_reader(channel)
    letter = a_letter(channel)
    with listening(Liar(rcpt=f"{code} ok"), settings):
        send_some()

    assert fates(letter) == {"taken": 1}


def test_a_letter_of_dots_arrives_as_it_was_written(settings, channel):
    a_reader(channel)
    a_letter(channel, ".\n..\n.quit\nRSET\n\n.")
    with listening(Liar(), settings) as liar:
        send_some()

    (whole,) = liar.letters
    assert whole is not None
    assert b"\r\n.\r\n" not in whole
    assert b"RSET" in whole
