"""A large list, an address that breaks the line, a server that drips: nobody is forgotten."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from commonground.channels.contract import Busy, Message
from commonground.channels.line import smtp as lines
from commonground.channels.networks.mail.adapter import NETWORK
from commonground.channels.networks.mail.models import Recipient, Subscriber
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import (
    ANA,
    BEN,
    CY,
    a_letter,
    fates,
    later,
    list_of,
)
from commonground.kit.sealed import sealed_for

pytestmark = pytest.mark.django_db


def find(letter, text="The bridge is closed."):
    ours = list_of(letter.channel)
    return ours.find(Message(text), key=letter.key, since=letter.made_at)


def test_an_address_at_which_the_server_hangs_up_keeps_no_letter_from_others(
    server, channel, readers
):
    server.at_rcpt[ANA] = ["421 4.7.0 Go away"]
    letter = a_letter(channel)
    send_some()
    with later(seconds=25):
        send_some()

    assert fates(letter) == {"taken": 2, "waiting": 1}
    assert len(server.got(BEN)) == len(server.got(CY)) == 1


def test_a_line_that_breaks_after_some_letters_is_opened_again_at_once(server, channel, readers):
    """Many servers hang up after so many letters. Twenty seconds each time is an hour in all."""
    server.at_rcpt[BEN] = ["421 4.7.0 Too many letters on one line", ""]
    letter = a_letter(channel)
    send_some()
    send_some()

    assert fates(letter) == {"taken": 2, "waiting": 1}


def test_a_letter_no_library_can_write_stops_no_other(server, channel, readers):
    Subscriber.objects.filter(pk=readers[0].pk).update(**sealed_for(readers[0], address="odd@["))
    letter = a_letter(channel)
    send_some()

    assert fates(letter) == {"taken": 2, "refused": 1}


def test_a_server_that_drips_is_hung_up_on(settings):
    """Each of its bytes would begin an ordinary wait anew."""
    door = socket.create_server(("127.0.0.1", 0))

    def drip():
        peer, _ = door.accept()
        with peer:
            peer.sendall(b"220 here\r\n")
            try:
                for _ in range(200):
                    peer.sendall(b"2")
                    time.sleep(0.05)
            except OSError:
                return

    porter = threading.Thread(target=drip, daemon=True)
    porter.start()
    smtp = lines.smtplib.SMTP("127.0.0.1", door.getsockname()[1], timeout=5)
    began = time.monotonic()
    with pytest.raises(lines.NoLine):
        lines.Line(smtp, letter_within=0.5).hand_over("a@a.a", "b@b.b", b"", going=lambda: True)
    assert time.monotonic() - began < 3
    smtp.close()
    porter.join(5)
    door.close()


def test_what_was_too_late_for_some_is_not_called_sent(server, channel, readers):
    """The time was over before everybody had a turn: a person must know."""
    letter = a_letter(channel)
    Recipient.objects.filter(reader=readers[0]).update(fate="taken", settled_at=timezone.now())
    with later(days=1):
        send_some()
        assert fates(letter) == {"taken": 1, "late": 2}
        with pytest.raises(Busy, match="too late, not sent: 2"):
            find(letter)


def test_whoever_was_asked_for_and_not_reached_in_time_does_not_spoil_it(server, channel, readers):
    server.at_rcpt[ANA] = ["452 4.2.2 Over quota"]
    letter = a_letter(channel)
    send_some()
    with later(days=1):
        send_some()
        assert fates(letter) == {"taken": 2, "late": 1}
        assert find(letter)


def test_a_list_that_gets_on_is_not_late(server, channel, readers):
    letter = a_letter(channel, not_after=timezone.now() + timedelta(minutes=30))
    assert not NETWORK.moves(letter.key)  # nothing has left yet
    Recipient.objects.filter(reader=readers[0]).update(fate="taken", settled_at=timezone.now())

    assert NETWORK.moves(letter.key)
    with later(minutes=2):  # nothing left for a minute
        assert not NETWORK.moves(letter.key)
    with later(minutes=29, seconds=30):
        now = timezone.now()
        Recipient.objects.filter(reader=readers[0]).update(settled_at=now)
        assert not NETWORK.moves(letter.key)  # not at this pace
