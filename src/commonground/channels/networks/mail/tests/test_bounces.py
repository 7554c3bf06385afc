"""What comes back stops letters to the one it is about, and nothing a stranger writes does more."""

import io
import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from commonground.channels.line import statuses
from commonground.channels.networks.mail import bounces
from commonground.channels.networks.mail.models import Recipient, Subscriber, Tally
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import a_letter, a_reader, fates

ANA = "ana@people.example"


def report(to, *, action="failed", status="5.1.1", kind="delivery-status"):
    """A report as Postfix writes it (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@relay.example (Mail Delivery System)\r\n"
        f"To: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=B\r\n"
        "MIME-Version: 1.0\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n\r\n"
        f"--B\r\nContent-Type: message/{kind}\r\n\r\n"
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ANA}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no\r\n\r\n"
        "--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: Roads\r\n\r\n"
        "Status: 5.1.1\r\n--B--\r\n"
    ).encode()


def path_of(row):
    return f"bounce+{row.token}@harbour.example"


@pytest.fixture
def reader(channel):
    return a_reader(channel, ANA)


def sent(channel, text="The bridge is closed."):
    letter = a_letter(channel, text)
    send_some()
    return letter.handings.get()


def reached():
    return Subscriber.objects.reading().exists()


def test_a_box_that_is_not_there_stops_at_once_and_is_counted_once(server, channel, reader):
    row = sent(channel)
    raw = report(path_of(row))

    assert bounces.take(raw) == "stopped"
    assert bounces.take(raw) == "known already"
    assert not reached()
    assert Tally.objects.get(what="bounced").count == 1


def test_a_full_box_stops_after_five_in_a_row(server, channel, reader):
    rows = [sent(channel, f"Letter {n}") for n in range(7)]
    soft = [report(path_of(row), status="5.2.2") for row in rows]

    assert [bounces.take(raw) for raw in [soft[0], soft[1], soft[3], soft[4], soft[5]]] == (
        ["counted"] * 5
    )
    assert reached()  # the third arrived
    assert bounces.take(soft[6]) == "counted"
    assert bounces.take(soft[2]) == "counted"  # it did not, and its report came late
    assert bounces.take(report(path_of(sent(channel, "One more")), status="4.4.1")) == "stopped"
    assert not reached()


def test_a_server_that_does_not_like_us_stops_nobody_and_is_told(server, channel, reader):
    for n in range(6):
        row = sent(channel, f"Letter {n}")
        assert bounces.take(report(path_of(row), status="5.7.1")) == "it is we who are refused"

    assert reached()
    assert "5.7.1" in row.issue.__class__.objects.get(pk=row.issue_id).trouble


@pytest.mark.parametrize(
    "raw",
    [
        report("bounce+000000000000000000000000@harbour.example"),
        report("bounce@harbour.example"),
        report("bounce+' OR 1=1--@harbour.example"),
        report("{path}", action="delayed", status="4.4.1"),
        report("{path}", action="relayed", status="2.0.0"),
        report("{path}", kind="feedback-report"),
        b"To: {path}\r\nSubject: Out of office\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n",
        report("{path}").replace(b"multipart/report", b"multipart/mixed"),
        report("{path}").replace(b"Action: failed\r\n", b""),
        b"",
        b"\x00\xff" * 500,
    ],
)
def test_what_is_no_report_or_bears_no_mark_changes_nothing(server, channel, reader, raw):
    row = sent(channel)
    bounces.take(raw.replace(b"{path}", path_of(row).encode()))

    assert reached()
    assert fates(row.issue) == {"taken": 1}
    assert not Recipient.objects.filter(bounced_at__isnull=False).exists()


def test_what_a_report_quotes_is_not_taken_for_what_it_says(server, channel, reader):
    """Somebody puts a report into a letter to us: it is only quoted when it comes back."""
    row = sent(channel)
    quoted = report(path_of(row)).replace(b"=B", b"=I").replace(b"--B", b"--I")
    raw = report("bounce@harbour.example", action="delayed").replace(b"Subject: Roads\r\n", quoted)

    assert bounces.take(raw) == "no report about a letter of ours"
    assert bounces.take(raw, path_of(row)) == "not delivered yet"
    assert reached()


def nested(depth):
    head = "".join(
        f"Content-Type: multipart/report; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth)
    )
    return f"To: bounce+{'0' * 24}@harbour.example\r\n{head}".encode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw",
    [
        nested(10_000),
        report("x" * 200_000 + "@harbour.example"),
        b"To: " + b"bounce+000000000000000000000000@h.example, " * 20_000 + b"\r\n\r\n",
        report("bounce@harbour.example").replace(b"boundary=B", b"boundary=" + b"B" * 100_000),
        report("a@b").replace(b"text/plain", b"text/plain; charset=\xff\xfe; x*0*='''\r\n y"),
        b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
        report("b@h").replace(b"Status: 5.1.1", b"Status: " + b"5." * 100_000),
    ],
    ids=["nested", "long name", "many names", "long boundary", "odd charset", "letters", "status"],
)
def test_no_report_however_odd_gets_the_better_of_us(raw):
    assert isinstance(bounces.take(raw), str)


@pytest.mark.django_db
def test_a_report_that_was_damaged_on_the_way_raises_nothing():
    chance = random.Random(7)  # noqa: S311 - no secret
    whole = report("bounce+" + "0" * 24 + "@harbour.example")
    for _ in range(2000):
        raw = bytearray(whole)
        for _harm in range(chance.randint(1, 12)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        at = sorted(chance.sample(range(len(raw)), 2))
        assert isinstance(bounces.take(bytes(raw[: at[1]] + raw[at[0] :])), str)


def test_a_person_who_never_confirmed_and_is_not_there_is_forgotten(channel):
    waiting = a_reader(channel, ANA, confirmed_at=None)

    assert bounces.take(report(f"bounce+{waiting.token}@harbour.example")) == "forgotten"
    assert not Subscriber.objects.exists()


def test_a_reader_cannot_be_forgotten_by_a_report_about_an_old_question(channel, reader):
    assert bounces.take(report(f"bounce+{reader.token}@harbour.example")).startswith("no letter")
    assert reached()


def test_once_they_left_a_report_finds_nobody(server, channel, reader):
    row = sent(channel)
    reader.delete()

    assert bounces.take(report(path_of(row))) == "counted"


class Pipe:
    def __init__(self, raw):
        self.buffer = io.BytesIO(raw)


def test_the_command_reads_one_message_as_a_pipe_gives_it(
    server, channel, reader, monkeypatch, capsys
):
    row = sent(channel)
    monkeypatch.setattr("sys.stdin", Pipe(report("undisclosed-recipients:;")))
    monkeypatch.setenv("ORIGINAL_RECIPIENT", path_of(row).upper())
    call_command("mail", "bounces")

    assert capsys.readouterr().out == "stopped\n"
    assert not reached()


@pytest.mark.django_db
def test_without_a_database_the_mail_server_keeps_the_message(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Pipe(report(f"bounce+{'0' * 40}@harbour.example")))

    def fail(execute, sql, *_):
        from django.db import OperationalError

        raise OperationalError("disk full")

    with connections["default"].execute_wrapper(fail), pytest.raises(SystemExit) as told:
        call_command("mail", "bounces")
    assert told.value.code == 75


@pytest.mark.parametrize(
    ("status", "nobody", "us"),
    [
        ("5.1.1", True, False), ("5.1.10", True, False), ("5.2.1", True, False),
        ("5.1.8", False, False), ("5.2.2", False, False), ("5.0.0", False, False),
        ("4.1.1", False, False), ("5.7.1", False, True), ("4.7.26", False, True),
        ("", False, False), ("5", False, False),
    ],
)  # fmt: skip
def test_what_the_numbers_say(status, nobody, us):
    assert (statuses.nobody_there(status), statuses.about_us(status)) == (nobody, us)


def test_reports_of_a_month_ago_find_no_row(server, channel, reader):
    row = sent(channel)
    raw = report(path_of(row))
    row.issue.__class__.objects.update(made_at=timezone.now() - timedelta(days=31))
    from commonground.channels.networks.mail.sending import tidy_up

    tidy_up()
    assert bounces.take(raw) == "no letter of ours has this mark"
    assert reached()
