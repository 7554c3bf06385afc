"""Each letter of a person comes in once, whatever is in it; machines and loops are set aside."""

import io
import sys
import time

import pytest
from django.core.management import call_command
from django.utils import timezone

from commonground.channels.contract import Message
from commonground.channels.networks.mailbox import hearing, reading, taking, writing
from commonground.channels.networks.mailbox.models import Received, Reply, Tally, Writer
from commonground.channels.networks.mailbox.sending import send_some
from commonground.channels.networks.mailbox.tests.world import (
    ANA,
    US,
    a_letter,
    login_of,
    receipt_of,
    the_last,
    write,
)

pytestmark = pytest.mark.django_db


def told(box):
    return hearing.hears(login_of(box), "").said


def answered(box, letter, text="Yes, since noon."):
    desk = box.adapter()
    key = desk.new_key(timezone.now())
    desk.publish(Message(text, follows=receipt_of(letter)), key=key)
    return Reply.objects.get(key=key)


def test_a_letter_comes_in_with_who_wrote_it_and_what_they_say(box):
    assert write("Is the bridge open?\n\nAna") == "taken in"
    (said,) = told(box)
    assert said.text == "The bridge\n\nIs the bridge open?\n\nAna"
    assert (said.handle, said.name, said.public) == (ANA, "Ana Bell", False)


def test_it_is_told_until_somebody_kept_it_and_then_its_words_are_gone_here(box):
    write("My street is 14 Quay Lane.")
    hearing.hears(login_of(box), "")
    batch = hearing.hears(login_of(box), "")
    assert len(batch.said) == 1
    assert [str(pk) for pk in hearing.unheard()] == [login_of(box).channel_id]
    batch.kept()
    assert hearing.unheard() == []
    assert told(box) == ()
    assert "text" not in the_last().said
    assert the_last().said["subject"] == "The bridge"


def test_a_letter_that_comes_twice_is_kept_once(box):
    raw = a_letter()
    assert [taking.take(raw), taking.take(raw)] == ["taken in", "known already"]
    bare = a_letter(Message_ID=None)
    assert [taking.take(bare), taking.take(bare)] == ["taken in", "known already"]


def test_nobody_keeps_anothers_letter_out_by_naming_it_first(box):
    write(Message_ID="<one@people.example>", From="mallory@people.example")
    assert write(Message_ID="<one@people.example>") == "taken in"


def test_what_they_answer_decides_the_thread(box):
    write(Message_ID="<one@people.example>")
    first = the_last()
    write(Message_ID="<two@people.example>", References="<zero@x.example> <one@people.example>",
          Subject="Re: The bridge")  # fmt: skip
    assert the_last().beneath == first.mark
    reply = answered(box, first)
    write(In_Reply_To=writing.message_id(reply), Subject="Re: The bridge")
    assert the_last().beneath == reply.key


def test_a_name_of_an_answer_that_we_did_not_make_means_nothing(box):
    write()
    reply = answered(box, the_last())
    write(In_Reply_To=f"<{reply.key}.{'0' * 16}@harbour.example>")
    assert the_last().beneath == ""


def test_our_answer_goes_to_the_one_who_asked_in_their_thread(box, server):
    write(Message_ID="<one@people.example>", References="<zero@people.example>",
          Subject="=?utf-8?q?Le_pont_ferm=C3=A9?=")  # fmt: skip
    reply = answered(box, the_last(), "Oui.\n.\nDepuis midi 🌉")
    send_some()
    (sent,) = server.got(ANA)
    assert sent.mail["In-Reply-To"] == "<one@people.example>"
    assert sent.mail["References"] == "<zero@people.example> <one@people.example>"
    assert sent.mail["Subject"] == "Re: Le pont fermé"
    assert sent.mail["Message-ID"] == writing.message_id(reply)
    assert sent.mail["From"].addresses[0].addr_spec == US
    assert sent.mail.get_content().replace("\r\n", "\n").strip() == "Oui.\n.\nDepuis midi 🌉"


@pytest.mark.parametrize(
    "machine",
    [{"Auto_Submitted": "auto-replied"}, {"Auto-Submitted": "auto-generated; x"},
     {"Precedence": "bulk"}, {"List_Id": "<news.example>"}, {"X_Autoreply": "yes"},
     {"Return_Path": "<>"}, {"Content_Type": "multipart/report; boundary=x"}],
    ids=str,
)  # fmt: skip
def test_machines_are_counted_and_set_aside(box, machine):
    assert write(**machine) == "set aside: machine"
    assert not Received.objects.exists()
    assert Tally.lately(str(box.pk))["machine"] == 1


def test_a_person_whose_program_says_that_they_are_one_is_heard(box):
    assert write(Auto_Submitted="no") == "taken in"


@pytest.mark.parametrize("address", [US, f"<{US}>", "Questions@Harbour.Example", f"a+b <{US}>"])
def test_a_letter_of_our_own_that_came_round_goes_no_further(box, address):
    assert write(From=address) == "set aside: loop"


def test_a_loop_between_machines_that_hide_it_ends(box):
    done = [write(f"Out of office {n}") for n in range(taking.OF_ONE + 3)]
    assert done.count("taken in") == taking.OF_ONE
    assert done[-1] == "set aside: flood"
    assert write(From="ben@people.example") == "taken in"


def test_whoever_is_shown_is_who_is_answered(box):
    write(Reply_To="Ben <ben@people.example>")
    assert told(box)[0].handle == "ben@people.example"
    write(From="a@people.example, b@people.example", Reply_To=None)
    assert Received.objects.count() == 1  # nobody knows which of them to answer


def test_a_mark_in_the_address_still_leads_to_the_mailbox(box):
    assert write(sent_to="questions+whatever@harbour.example") == "taken in"
    with pytest.raises(taking.NotOurs):
        write(sent_to="chief@harbour.example")


def test_what_came_back_is_told_in_its_thread(box, server):
    write()
    reply = answered(box, the_last())
    send_some()
    report = (
        b"--x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        b"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a.example\r\n\r\n"
        b"Final-Recipient: rfc822; ana@people.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--x--\r\n"
    )
    how = {"Content_Type": "multipart/report; boundary=x", "Return_Path": "<>", "From": "<>"}
    path = writing.return_path(reply, US)
    assert write(body=report, sent_to=path, **how) == "came back"
    assert write(body=report, sent_to=path, **how) == "known already"
    *_, said = told(box)
    assert (said.beneath, said.name) == (reply.key, "The mail server")
    assert "5.1.1" in said.text
    forged = f"questions+{reply.key}.{'0' * 16}@harbour.example"
    assert write(body=report, sent_to=forged, **how) == "set aside: machine"


HOSTILE = {
    "nothing at all": b"",
    "no letter": b"\x00\xff\xfe" * 1000,
    "only headers": b"From: a@b.example\r\nTo: questions@harbour.example\r\n",
    "headers without end": b"To: questions@harbour.example\r\n" + b"X: " + b"y" * 1_500_000,
    "a thousand headers": b"To: questions@harbour.example\r\n" + b"X: y\r\n" * 100_000,
    "an odd set of signs": a_letter(Content_Type="text/plain; charset=klingon", body=b"\xe9t\xe9"),
    "wrong base64": a_letter(Content_Transfer_Encoding="base64", body=b"\xff%%%=="),
    "an odd subject": a_letter(Subject="=?x?q?=00=1b[31m?= =?utf-8?b?////?="),
    "an odd date": a_letter(Date="Thu, 99 Foo 99999 99:99:99 +9999"),
    "turned letters": a_letter("\u202egnorw\u202c \x07\x00\ud7ff"),
    "an endless page": a_letter(Content_Type="text/html", body=b"<" * 400_000),
    "a page of tags": a_letter(Content_Type="text/html", body=b"<p>" * 60_000 + b"Hi"),
    "no boundary": a_letter(Content_Type="multipart/mixed", body=b"--x\r\n\r\nHi"),
    "parts in parts": b"To: questions@harbour.example\r\nFrom: a@b.example\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(3_000)
    ),
    "many parts": a_letter(Content_Type="multipart/mixed; boundary=x",
                           body=b"--x\r\n\r\nHi\r\n" * 20_000),
    "a letter in a letter": a_letter(Content_Type="message/rfc822", body=a_letter("Inside") * 3),
    "a new header in the subject": a_letter(Subject="Hi\r\n\tBcc: all@people.example"),
    "many references": a_letter(References=" ".join(f"<{n}@x>" for n in range(20_000))),
    "half a million letters": a_letter("é" * 500_000),
}  # fmt: skip


@pytest.mark.parametrize("how", HOSTILE)
def test_whatever_comes_is_survived_and_can_be_answered(box, server, how):
    began = time.process_time()
    try:
        done = taking.take(HOSTILE[how], US)
    finally:
        assert time.process_time() - began < 20
    said = told(box)
    assert len(said) == (done == "taken in")
    for one in said:
        assert len(one.text) <= reading.LONGEST + 400
        assert all(c.isprintable() or c == "\n" for c in one.text + one.name + one.handle)
        answered(box, the_last())
        send_some()
        assert len(server.taken) == 1
        assert server.taken[0].mail["Bcc"] is None


def test_a_page_is_read_as_its_words_and_what_is_enclosed_is_named(box):
    page = (
        "--x\r\nContent-Type: text/html\r\n\r\n<style>p{}</style><p>Open&eacute;?<br>Yes</p>"
        "\r\n--x\r\nContent-Type: image/png\r\n\r\n...\r\n--x--\r\n"
    )
    write(page, Content_Type="multipart/mixed; boundary=x", Subject="Re: x")
    (said,) = told(box)
    assert said.text.startswith("Opené?\nYes")
    assert "1 file was enclosed" in said.text


def test_older_letters_beneath_are_left_out(box):
    write("Thank you.\n\nOn Monday, Harbour Police wrote:\n> Yes.\n> Since noon.\n")
    assert told(box)[0].text == "The bridge\n\nThank you."


def test_the_command_reads_a_pipe_to_its_end(box, monkeypatch, capsys):
    class Pipe:
        buffer = io.BytesIO(a_letter("x" * (reading.MOST + 70_000)))

    monkeypatch.setattr(sys, "stdin", Pipe)
    monkeypatch.setenv("ORIGINAL_RECIPIENT", US)
    call_command("mailbox", "take")
    assert Pipe.buffer.read() == b""
    assert Received.objects.count() == 1


def test_of_nobody_an_address_is_kept_in_clear(box):
    write()
    row = Writer.objects.values().get()
    assert ANA not in str(row)
    assert "Quay" not in str(Received.objects.values().get())
