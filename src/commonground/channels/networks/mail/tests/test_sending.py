"""Each person gets each letter once, or it is written down why not, and never twice."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.channels.contract import LinkCard, Message, Picture
from commonground.channels.networks.mail import addresses, joining
from commonground.channels.networks.mail.adapter import told
from commonground.channels.networks.mail.models import Fate, Letter, Recipient, Subscriber
from commonground.channels.networks.mail.sending import begin, claim, send_some, tidy_up
from commonground.channels.networks.mail.tests.world import (
    SENDER,
    a_letter,
    a_list,
    a_reader,
    fates,
    list_of,
    name_it,
)
from commonground.kit.clock import database_now

pytestmark = pytest.mark.django_db

ANA, BEN, CY = "ana@people.example", "ben@people.example", "cy@people.example"


@pytest.fixture
def readers(channel):
    return [a_reader(channel, who) for who in (ANA, BEN, CY)]


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def plain_of(envelope):
    return envelope.mail.get_body(["plain"]).get_content()


def page_of(envelope):
    return envelope.mail.get_body(["html"]).get_content()


# What a letter is


def test_everybody_gets_a_letter_of_their_own(server, channel, readers):
    a_letter(channel, title="Roads are icy")
    assert send_some() == 3

    assert sorted(e.rcpt_tos[0] for e in server.taken) == [ANA, BEN, CY]
    for envelope in server.taken:
        assert envelope.mail["To"] == envelope.rcpt_tos[0]
        assert envelope.mail["Subject"] == "Roads are icy"
        assert not [k for k in envelope.mail if k.lower() in ("cc", "bcc")]
        others = {ANA, BEN, CY} - {envelope.rcpt_tos[0]}
        assert not any(other.encode() in envelope.content for other in others)


def test_what_mail_programs_need_stands_on_the_envelope_and_in_the_head(server, channel):
    reader = a_reader(channel, ANA)
    letter = a_letter(channel)
    send_some()

    (envelope,) = server.taken
    leave = f"https://harbour.example/letters/leave/{reader.token}"
    token = Recipient.objects.get().token
    assert envelope.mail_from == f"bounce+{token}@harbour.example"
    assert SENDER in envelope.mail["From"]
    assert envelope.mail["List-ID"] == f"<{channel.pk.hex}.harbour.example>"
    assert envelope.mail["List-Unsubscribe"] == f"<{leave}>"
    assert envelope.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert envelope.mail["Message-ID"].startswith(f"<{letter.key}.")
    assert envelope.mail["Content-Language"] == "en"
    assert "All" not in envelope.mail["X-Auto-Response-Suppress"]  # reports must come
    # As it is on the wire: an encoded address is one no mail program finds.
    assert f"\r\nList-Unsubscribe: <{leave}>\r\n".encode() in envelope.content
    assert envelope.content.isascii()
    assert max(map(len, envelope.content.split(b"\r\n"))) <= 998


def test_the_number_of_a_letter_is_the_same_whoever_sends_it(server, channel):
    a_reader(channel, ANA)
    a_letter(channel)
    send_some()
    # As only a mistake of ours could:
    Recipient.objects.update(fate=Fate.WAITING, held_by=None, held_until=None)
    send_some()

    first, second = server.taken
    assert first.mail["Message-ID"] == second.mail["Message-ID"]


def test_the_page_says_the_same_words_and_describes_its_pictures(server, channel, settings):
    a_reader(channel, ANA, language="fr")
    picture = Picture(b"pixels", "image/png", 'A <b>"closed"</b> bridge', 64, 48)
    letter = a_letter(
        channel, "Rue fermée & <i>glissante</i> : https://harbour.example/a?x=1&y=2\n\n.\n.. Fin",
        title="Verglas", language="fr", pictures=(picture,),
        card=LinkCard("https://harbour.example/a", "La rue"),
    )  # fmt: skip
    send_some()

    (envelope,) = server.taken
    plain, page = plain_of(envelope).replace("\r\n", "\n"), page_of(envelope)
    assert letter.text in plain
    assert "Rue fermée &amp; &lt;i&gt;glissante&lt;/i&gt;" in page
    assert '<html lang="fr">' in page
    assert 'alt="A &lt;b&gt;&quot;closed&quot;&lt;/b&gt; bridge"' in page
    assert f"https://harbour.example/letters/{letter.key}/picture-0" in page
    assert "<script" not in page
    assert "<style" not in page
    for words in (plain, page):
        assert f"/letters/leave/{Subscriber.objects.get().token}" in words
        assert channel.agency.emergency_number in words


@pytest.mark.parametrize("harm", ["\r\nBcc: all@people.example", "\nX: y", "\r", "\x0b", "\u2028"])
def test_no_line_of_a_post_becomes_a_header(server, channel, harm):
    channel.agency.name = f"Harbour{harm} Police"
    channel.agency.save()
    a_reader(channel, ANA)
    Letter.objects.filter(pk=a_letter(channel, title="Ice").pk).update(title=f"Roads{harm} are icy")
    send_some()

    (envelope,) = server.taken
    assert envelope.rcpt_tos == [ANA]
    assert "Bcc" not in envelope.mail
    assert "X" not in envelope.mail
    assert "Roads" in envelope.mail["Subject"]


def test_a_long_name_of_our_site_hides_no_way_to_leave(server, channel, settings):
    host = "newsroom.the-very-long-name-of-a-police-service.greater-port-sable.example.gov.uk"
    site = {"site_url": f"https://{host}"}
    settings.ENV = settings.ENV.model_copy(update=site)
    reader = a_reader(channel, ANA)
    a_letter(channel)
    send_some()

    leave = f"\r\nList-Unsubscribe: <https://{host}/letters/leave/{reader.token}>\r\n"
    assert leave.encode() in server.taken[0].content


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
    "left": lambda row: joining.leave(row.subscriber.token),
    "withdrawn": lambda row: list_of(row.letter.channel).withdraw(row.letter.receipt),
    "too late": lambda row: Letter.objects.update(not_after=timezone.now()),
    "paused": lambda row: type(row.letter.channel).objects.update(state="paused"),
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


# What is kept


def test_a_list_that_is_closed_for_good_forgets_its_readers(channel, readers):
    other = a_reader(a_list(agency=channel.agency, name="Other"), ANA)
    type(channel).objects.filter(pk=channel.pk).update(state="closed")
    tidy_up()

    assert [s.pk for s in Subscriber.objects.all()] == [other.pk]


def test_after_thirty_days_only_numbers_are_left(server, channel, readers):
    letter = a_letter(channel)
    send_some()
    with later(days=31):
        tidy_up()
        tidy_up()

    assert not Recipient.objects.exists()
    letter.refresh_from_db()
    assert fates(letter) == {"taken": 3}


def test_no_address_stands_in_the_database_in_clear(channel):
    reader = a_reader(channel, ANA)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM commonground_mail_subscriber")
        row = " ".join(map(str, cursor.fetchone()))

    assert "ana" not in row
    assert "people.example" not in row
    assert Subscriber.objects.get().address == ANA
    assert ANA not in repr(reader)
    assert addresses.person(channel.pk, ANA) != addresses.person(given.an_agency().pk, ANA)
