"""Each person gets each letter once, or it is written down why not, and never twice."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from commonground.channels.contract import Message
from commonground.channels.networks.mail import joining
from commonground.channels.networks.mail.adapter import told
from commonground.channels.networks.mail.models import Letter, Recipient, Subscriber
from commonground.channels.networks.mail.sending import begin, claim, send_some
from commonground.channels.networks.mail.tests.world import (
    ANA,
    BEN,
    CY,
    a_letter,
    a_list,
    a_reader,
    fates,
    later,
    list_of,
    name_it,
)
from commonground.kit.clock import database_now

pytestmark = pytest.mark.django_db

# What may go wrong


def test_one_refused_recipient_is_written_down_and_the_others_get_theirs(server, channel, readers):
    server.at_rcpt[BEN] = ["550 5.2.2 Over quota"]
    letter = a_letter(channel)
    send_some()

    assert fates(letter) == {"taken": 2, "refused": 1}
    assert "Over quota" in Recipient.objects.get(fate="refused").why
    assert told(letter.key) == "The mail server took 2 of 3 letters; refused: 1."


def test_a_box_that_is_not_there_is_not_written_to_again(server, channel, readers):
    server.at_rcpt[BEN] = ["550 5.1.1 No such user"]
    a_letter(channel)
    send_some()
    second = a_letter(channel, "Open again.")
    send_some()

    assert fates(second) == {"taken": 2}
    assert Subscriber.objects.filter(bounced_at__isnull=False).count() == 1


def test_a_server_that_will_not_relay_stops_nobody(server, channel, readers):
    for who in (ANA, BEN, CY):
        server.at_rcpt[who] = ["554 5.7.1 Relay access denied"]
    for n in range(6):
        a_letter(channel, f"Letter {n}")
        send_some()

    assert not Subscriber.objects.filter(bounced_at__isnull=False).exists()


def test_a_no_to_us_that_passes_costs_nobody_their_letter(server, channel, readers):
    """A server that takes us for spam this minute says so of the whole list."""
    for who in (ANA, BEN, CY):
        server.at_rcpt[who] = ["550 5.7.1 Try later, your address is listed", ""]
    letter = a_letter(channel)
    send_some()
    assert fates(letter) == {"waiting": 3}

    with later(minutes=2):
        send_some()
    assert fates(letter) == {"taken": 3}


def test_a_no_to_us_that_stays_is_told_in_the_end(server, channel):
    a_reader(channel, ANA)
    server.at_rcpt[ANA] = ["554 5.7.1 Relay access denied"]
    letter = a_letter(channel)
    for minutes in (0, 2, 8, 25):
        with later(minutes=minutes):
            send_some()
    assert fates(letter) == {"refused": 1}
    assert "Relay access denied" in Recipient.objects.get().why


def test_not_now_is_asked_again_later_and_ever_less_often(server, channel):
    a_reader(channel, ANA)
    server.at_rcpt[ANA] = ["451 4.7.1 Greylisted", "451 4.7.1 Greylisted", ""]
    letter, start = a_letter(channel), timezone.now()
    tried = []
    for minute in range(12):
        with time_machine.travel(start + timedelta(minutes=minute, seconds=5), tick=False):
            before = Recipient.objects.get().tries
            send_some()
            if Recipient.objects.get().tries > before:
                tried.append(minute)

    assert tried == [0, 1]
    assert fates(letter) == {"taken": 1}
    assert len(server.taken) == 1
    assert Recipient.objects.get().settled_at >= start + timedelta(minutes=6)


def test_an_answer_lost_after_the_letter_is_uncertain_and_never_sent_again(
    server, channel, readers
):
    server.hang_up = {BEN}
    letter = a_letter(channel)
    for hours in range(4):
        with later(hours=hours / 2):
            send_some()

    assert fates(letter) == {"taken": 2, "uncertain": 1}
    assert [len(server.got(who)) for who in (ANA, BEN, CY)] == [1, 1, 1]
    assert told(letter.key).endswith("uncertain, never sent again: 1.")


def test_a_letter_refused_after_its_words_did_not_go(server, channel, readers):
    server.at_data[BEN] = ["554 5.6.0 Too odd"]
    letter = a_letter(channel)
    send_some()

    assert fates(letter) == {"taken": 2, "refused": 1}


def test_our_own_address_refused_stops_the_line_and_costs_nobody_a_letter(server, channel, readers):
    server.no_sender = "553 5.1.8 Sender unknown"
    letter = a_letter(channel)
    send_some()
    assert fates(letter) == {"waiting": 3}
    assert "Sender unknown" in told(letter.key)

    server.no_sender = ""
    with later(minutes=1):
        send_some()
    assert fates(letter) == {"taken": 3}
    assert told(letter.key) == "The mail server took 3 of 3 letters."


def test_a_mail_server_that_is_down_loses_nothing(channel, readers, settings):
    name_it(settings, 1)
    letter = a_letter(channel)
    send_some()

    assert fates(letter) == {"waiting": 3}
    assert "takes nothing" in told(letter.key)


def test_without_a_mail_server_it_says_who_must_act(channel, readers):
    letter = a_letter(channel)
    send_some()

    assert "COMMONGROUND_MAIL_URL" in told(letter.key)


def test_what_a_dead_line_left_behind_is_never_sent_again(server, channel, readers):
    letter = a_letter(channel)
    first, *_rest = claim(database_now())
    assert begin(first)  # and here somebody pulls the plug
    send_some()
    assert fates(letter) == {"waiting": 2, "handing over": 1}

    with later(minutes=6):
        send_some()

    assert fates(letter) == {"taken": 2, "uncertain": 1}
    assert len(server.taken) == 2


def test_two_lines_at_once_send_each_letter_once(server, channel, transactional_db):
    for n in range(60):
        a_reader(channel, f"reader{n}@people.example")
    letter = a_letter(channel)

    def work():
        for _round in range(4):
            send_some()
        connection.close()

    lines = [threading.Thread(target=work) for _ in range(3)]
    for one in lines:
        one.start()
    for one in lines:
        one.join()

    assert fates(letter) == {"taken": 60}
    assert len({e.rcpt_tos[0] for e in server.taken}) == len(server.taken) == 60


def test_somebody_else_in_between_keeps_the_letter_from_going_twice(server, channel):
    a_reader(channel, ANA)
    a_letter(channel)
    (mine,) = claim(database_now())
    with later(minutes=4):
        (theirs,) = claim(database_now())
        assert not begin(mine)
        assert begin(theirs)
        assert not begin(theirs)


CHANGES = {
    "left": lambda row: joining.leave(row.reader.token),
    "withdrawn": lambda row: list_of(row.issue.channel).withdraw(row.issue.receipt),
    "too late": lambda row: Letter.objects.update(not_after=timezone.now()),
    "paused": lambda row: type(row.issue.channel).objects.update(state="paused"),
    "no yes any more": lambda row: Subscriber.objects.update(confirmed_at=None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_while_a_line_has_it_in_hand_still_counts(server, channel, change):
    a_reader(channel, ANA)
    a_letter(channel)
    (mine,) = claim(database_now())
    CHANGES[change](mine)

    assert not begin(mine)


# What must not go


def test_what_is_too_late_does_not_go(server, channel, readers):
    soon = timezone.now() + timedelta(minutes=15)
    letter = a_letter(channel, not_after=soon)
    with later(minutes=16):
        send_some()

    assert fates(letter) == {"late": 3}
    assert server.taken == []


def test_withdrawn_in_time_nothing_goes(server, channel, readers):
    letter = a_letter(channel)
    list_of(channel).withdraw(letter.receipt, why="It was wrong.")
    send_some()

    assert fates(letter) == {"left": 3}
    assert server.taken == []


def test_whoever_leaves_before_it_goes_gets_none(server, channel, readers):
    letter = a_letter(channel)
    joining.leave(readers[1].token)
    send_some()

    assert fates(letter) == {"taken": 2, "left": 1}
    assert server.got(BEN) == []


def test_a_paused_list_keeps_its_letters(server, channel, readers):
    letter = a_letter(channel)
    type(channel).objects.update(state="paused")
    send_some()
    assert fates(letter) == {"waiting": 3}

    type(channel).objects.update(state="ready")
    send_some()
    assert fates(letter) == {"taken": 3}


def test_only_those_who_confirmed_and_can_be_reached_are_written_to(server, channel):
    a_reader(channel, ANA)
    a_reader(channel, BEN, confirmed_at=None)
    a_reader(channel, CY, bounced_at=timezone.now())
    a_reader(a_list(agency=channel.agency, name="Other"), "dee@people.example")
    a_letter(channel)
    send_some()

    assert [e.rcpt_tos for e in server.taken] == [[ANA]]


def test_the_same_key_never_writes_to_anybody_twice(server, channel, readers):
    letter = a_letter(channel)
    send_some()
    for _again in range(2):
        list_of(channel).publish(Message(letter.text), key=letter.key)
        send_some()

    assert len(server.taken) == 3


def test_an_urgent_letter_waits_behind_no_other(server, channel, readers):
    a_letter(channel, title="Newsletter")
    a_letter(channel, title="Urgent", not_after=timezone.now() + timedelta(minutes=15))
    send_some()

    assert [e.mail["Subject"] for e in server.taken] == ["Urgent"] * 3 + ["Newsletter"] * 3
