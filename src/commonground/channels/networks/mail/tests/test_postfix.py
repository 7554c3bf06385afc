"""Through a real Postfix: it takes our letters, and its own reports of what came back are read."""

import time

import pytest
from tests.peers import peers

from commonground.channels.networks.mail import bounces
from commonground.channels.networks.mail.models import Subscriber
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import (
    a_letter,
    a_list,
    a_mail_server,
    a_reader,
    fates,
    name_it,
)

pytestmark = [pytest.mark.peer, pytest.mark.django_db]
PEOPLE = [f"{name}@people.example" for name in ("ana", "ben", "cy")]


@pytest.fixture
def beyond(settings):
    """The servers behind Postfix, and the box that its reports come back to."""
    with a_mail_server(settings) as server:
        yield server


@pytest.fixture
def relay(beyond, settings):
    try:
        running = peers.postfix(beyond.port)
        server = running.__enter__()
    except peers.Unavailable as why:
        pytest.skip(f"NOT TESTED against a real server: {why}")
    name_it(settings, server.port)
    yield server
    running.__exit__(None, None, None)


def wait_for(seen, seconds=30):
    for _ in range(seconds * 10):
        if found := seen():
            return found
        time.sleep(0.1)
    return seen()


def reports_in(server):
    return [e for e in server.taken if e.rcpt_tos[0].startswith("bounce+")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [("550 5.1.1 No such user", "stopped"), ("552 5.2.2 Box full", "counted"),
     ("550 5.7.1 Looks like spam", "it is we who are refused")],
)  # fmt: skip
def test_what_the_next_server_refuses_comes_back_and_is_understood(relay, beyond, answer, said):
    channel = a_list()
    for address in PEOPLE:
        a_reader(channel, address)
    beyond.at_rcpt[PEOPLE[1]] = [answer]
    letter = a_letter(channel, title="Déviation 🚧", text="Rue fermée.\n.\nFin.")
    send_some()
    assert fates(letter) == {"taken": 3}  # by Postfix, which answers for them from here on

    (report,) = wait_for(lambda: reports_in(beyond))
    wait_for(lambda: len(beyond.taken) == 3)

    assert report.mail_from == "<>"
    assert bounces.take(report.content) == said
    stopped = Subscriber.objects.filter(bounced_at__isnull=False)
    assert [s.address for s in stopped] == ([PEOPLE[1]] if said == "stopped" else [])
    arrived = [e for e in beyond.taken if e not in [report]]
    assert sorted(e.rcpt_tos[0] for e in arrived) == [PEOPLE[0], PEOPLE[2]]
    assert arrived[0].mail["Subject"] == "Déviation 🚧"
    assert "Rue fermée.\n.\nFin." in arrived[0].mail.get_body(["plain"]).get_content().replace(
        "\r\n", "\n"
    )
