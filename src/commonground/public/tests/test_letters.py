"""Whoever wants letters gets them, whoever does not, does not, and nobody learns who is who."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.contract import Picture
from commonground.channels.networks.mail import joining
from commonground.channels.networks.mail.models import (
    Arrival,
    DayKey,
    Letter,
    Recipient,
    Subscriber,
    Tally,
)
from commonground.channels.networks.mail.sending import send_own, send_some, tidy_up
from commonground.channels.networks.mail.tests.world import (
    a_letter,
    a_list,
    a_mail_server,
    a_reader,
    list_of,
)

pytestmark = pytest.mark.django_db
ANA = "ana@people.example"


@pytest.fixture
def server(settings):
    with a_mail_server(settings) as it:
        yield it


@pytest.fixture
def channel():
    return a_list()


def ask(client, address=ANA, language="en", **headers):
    typed = {"address": address, "language": language}
    return client.post("/letters/", typed, **headers)


def link_in(envelope):
    words = envelope.mail.get_body(["plain"]).get_content()
    return re.search(r"https://harbour\.example(/letters/\S+)", words)[1]


def main_of(answer):
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def join(client, server, address=ANA):
    """All the way, as a person goes it."""
    ask(client, address)
    send_own()
    page = link_in(server.got(address)[-1])
    assert "Yes, send me letters" in client.get(page).content.decode()
    return client.post(page)


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def test_from_asking_to_the_first_letter(client, server, channel):
    assert "You are on the list" in join(client, server).content.decode()
    a_letter(channel)
    send_some()

    assert "The bridge is closed." in server.got(ANA)[-1].mail.get_body(["plain"]).get_content()
    assert Tally.objects.get(what="joined").count == 1


def test_a_yes_said_twice_is_one_reader(client, server, channel):
    join(client, server)
    client.post(link_in(server.taken[0]))

    assert Subscriber.objects.reading().count() == 1
    assert Tally.objects.get(what="joined").count == 1


def test_without_a_press_on_the_button_nobody_is_on_the_list(client, server, channel):
    """A mail scanner opens every link of a letter before its reader does."""
    ask(client)
    send_own()
    page = link_in(server.taken[0])
    for method in (client.get, client.head, client.get):
        assert method(page).status_code == 200

    assert not Subscriber.objects.reading().exists()
    a_letter(channel)
    send_some()
    assert len(server.taken) == 1


def test_the_letter_that_asks_is_no_advertisement(client, server, channel):
    ask(client, language="fr")
    send_own()
    send_own()

    (envelope,) = server.taken
    assert envelope.mail["Auto-Submitted"] == "auto-generated"
    assert envelope.mail["Content-Language"] == "fr"
    assert envelope.mail.get_content_type() == "text/plain"


def test_the_same_is_said_whether_an_address_is_known_or_not(client, server, channel):
    a_reader(channel, "ben@people.example")
    a_reader(channel, "cy@people.example", confirmed_at=None)
    a_reader(channel, "dee@people.example", bounced_at=timezone.now())
    people = [ANA, "ben@people.example", "cy@people.example", "dee@people.example"]

    said = [
        (answer.status_code, answer.headers.get("Location"), answer.content)
        for answer in (ask(client, who) for who in [*people, *people[:1] * 5])
    ]

    assert said == [(302, "/letters/asked/", b"")] * 9
    assert b"people.example" not in client.get("/letters/asked/").content


def test_whoever_is_on_the_list_hears_so_by_letter_alone(client, server, channel):
    reader = a_reader(channel, ANA)
    ask(client, "ANA@people.example ")
    send_own()

    (envelope,) = server.taken
    assert "already" in envelope.mail["Subject"]
    assert link_in(envelope) == f"/letters/leave/{reader.token}"


@pytest.mark.parametrize("harm", [timedelta(hours=49), "cut", "swapped", "other"])
def test_a_link_that_is_old_or_not_ours_confirms_nothing(client, server, channel, harm):
    ask(client)
    send_own()
    page = link_in(server.taken[0])
    token, rest = page.rpartition("/")[2].split(".", 1)
    if harm == "cut":
        page = page[:-1]
    elif harm == "swapped":
        page = f"/letters/confirm/{a_reader(channel, 'b@c.example').token}.{rest}"
    elif harm == "other":
        page = f"/letters/confirm/{token}"
    with later(hours=49) if isinstance(harm, timedelta) else later(seconds=1):
        assert client.get(page).status_code == 410
        assert client.post(page).status_code == 410

    assert Subscriber.objects.filter(confirmed_at=None).exists()


def test_one_click_needs_no_cookie_no_page_and_no_token(server, channel, client):
    from django.test import Client

    join(client, server)
    a_letter(channel)
    send_some()
    leave = server.got(ANA)[-1].mail["List-Unsubscribe"].strip(" <>")
    program = Client(enforce_csrf_checks=True)

    answer = program.post(
        leave.removeprefix("https://harbour.example"),
        "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip

    assert answer.status_code == 200
    assert not answer.cookies
    assert not Subscriber.objects.exists()
    assert Tally.objects.get(what="left").count == 1


def test_opening_the_link_to_leave_changes_nothing(client, channel):
    reader = a_reader(channel)
    page = f"/letters/leave/{reader.token}"
    for method in (client.get, client.head):
        assert method(page).status_code == 200

    assert Subscriber.objects.filter(pk=reader.pk).exists()


def test_leaving_twice_or_with_a_strange_link_is_told_the_same(client, channel):
    reader = a_reader(channel)
    first = client.post(f"/letters/leave/{reader.token}")
    again = client.post(f"/letters/leave/{reader.token}")
    strange = client.post("/letters/leave/whatever")

    said = {main_of(answer) for answer in (first, again, strange)}
    assert len(said) == 1
    assert first.status_code == strange.status_code == 200
    assert Tally.objects.get(what="left").count == 1


def test_of_whoever_left_nothing_is_kept(client, server, channel):
    join(client, server)
    a_letter(channel)
    send_some()
    client.post(f"/letters/leave/{Subscriber.objects.get().token}")

    assert not Subscriber.objects.exists()
    assert Recipient.objects.get().reader_id is None
    assert "You are on the list" in join(client, server).content.decode()  # and may come back


def test_whoever_never_says_yes_is_forgotten_after_two_days(client, server, channel):
    a_reader(channel, "ben@people.example")
    ask(client)
    with later(hours=47):
        tidy_up()
        assert Subscriber.objects.count() == 2
    with later(hours=49):
        tidy_up()
        assert Subscriber.objects.count() == 1


def test_nobody_is_flooded_through_us_however_they_come(client, server, channel, settings):
    settings.ENV = settings.ENV.model_copy(update={"proxies": 1})
    for n in range(8):
        address = f"Ana+{n}@People.example" if n % 2 else ANA
        ask(client, address, headers={"X-Forwarded-For": f"203.0.{n}.7"})
        send_own()

    assert len(server.taken) == 3
    with later(days=1):
        ask(client)
        send_own()
    assert len(server.taken) == 4


def test_a_thousand_addresses_from_one_place_are_refused(client, channel):
    answers = [ask(client, f"reader{n}@people.example").status_code for n in range(25)]

    assert answers == [302] * 20 + [429] * 5
    assert Subscriber.objects.count() == 20
    assert "Try in an hour" in ask(client, "one@more.example").content.decode()


def test_a_thousand_places_are_not_served_for_ever_either(client, channel, monkeypatch):
    now = joining.this_hour()
    joining.DOOR.counted("all", "", joining.IN_ALL, now)
    Arrival.objects.filter(kind="all").update(count=joining.IN_ALL)

    assert ask(client).status_code == 429
    assert not Subscriber.objects.exists()


def test_neither_addresses_nor_networks_are_kept_in_clear(client, channel):
    ask(client)
    kept = [*Arrival.objects.values_list("tag", flat=True)]

    assert len(kept) == 3
    assert not any("127.0" in tag or "ana" in tag for tag in kept)
    with later(days=3):
        tidy_up()
    assert not Arrival.objects.exists()
    assert not DayKey.objects.exists()


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "ana@", "ana@people.example\r\nBcc: b@c.example", "a@b.example, c@d.example",
     "“ana”@people.example", "anä@people.example", "x" * 250 + "@people.example",
     "ana@[127.0.0.1]", "ana@localhost", "ana@127.0.0.1", "ana@people.example\x00"],
)  # fmt: skip
def test_what_is_no_address_is_said_so_and_kept_nowhere(client, channel, typed):
    answer = ask(client, typed)

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_an_address_with_letters_of_its_own_country_is_written_as_mail_needs_it(client, channel):
    ask(client, "ana@bücher.example")

    assert Subscriber.objects.get().address == "ana@xn--bcher-kva.example"


@pytest.mark.parametrize("own", ["newsroom@harbour.example", "bounce+abc@harbour.example"])
def test_the_desk_does_not_write_to_itself(client, server, channel, own):
    assert ask(client, own).status_code == 302
    assert not Subscriber.objects.exists()


def test_another_site_cannot_ask_for_its_visitors(client, channel):
    answer = ask(client, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert not Subscriber.objects.exists()


def test_another_site_cannot_say_yes_for_its_visitors(client, server, channel):
    ask(client)
    send_own()
    page = link_in(server.taken[0])

    assert client.post(page, headers={"Origin": "https://evil.example"}).status_code == 403
    assert not Subscriber.objects.reading().exists()


def test_a_box_that_is_not_there_is_asked_once_and_forgotten(client, server, channel):
    server.at_rcpt[ANA] = ["550 5.1.1 Nobody"]
    ask(client)
    send_own()

    assert not Subscriber.objects.exists()


def test_while_the_mail_server_is_away_the_question_waits(client, channel, settings):
    ask(client)
    send_own()
    assert Subscriber.objects.get().owed == "confirm"

    with a_mail_server(settings) as server, later(minutes=1):
        send_own()
        assert len(server.taken) == 1


@pytest.mark.parametrize("name", ["letters", "letters_asked"])
def test_the_pages_set_no_cookie_and_need_no_script(client, channel, name):
    answer = client.get(reverse(f"public:{name}"))

    assert answer.status_code == 200
    assert not answer.cookies
    assert b"<script" not in answer.content


def test_where_there_are_more_lists_one_chooses(client, server, channel):
    other = a_list(agency=channel.agency, name="Traffic", purpose="Roads and bridges")
    page = client.get("/letters/").content.decode()
    assert "Roads and bridges" in page

    client.post("/letters/", {"address": ANA, "language": "en", "list": str(other.pk)})
    client.post("/letters/", {"address": ANA, "language": "en", "list": str(given.a_channel().pk)})

    assert [s.channel for s in Subscriber.objects.all()] == [other]


def test_where_there_is_no_list_it_says_so(client):
    given.an_agency()
    page = client.get("/letters/").content.decode()

    assert "We send no letters at the moment" in page
    assert "By e-mail" not in client.get("/follow/").content.decode()


@pytest.mark.parametrize("state", ["new", "sign_in_needed", "closed"])
def test_a_list_that_cannot_send_is_not_offered(client, channel, state):
    assert "By e-mail" in client.get("/follow/").content.decode()
    type(channel).objects.update(state=state)

    assert "By e-mail" not in client.get("/follow/").content.decode()


def test_anyone_can_check_a_letter_on_our_own_site(client, channel):
    picture = Picture(b"pixels", "image/png", "A closed bridge", 64, 48)
    letter = a_letter(channel, "Closed & <i>icy</i>", title="Ice", pictures=(picture,))
    page = client.get(f"/letters/{letter.key}").content.decode()

    assert "Closed &amp; &lt;i&gt;icy&lt;/i&gt;" in page
    assert 'alt="A closed bridge"' in page
    answer = client.get(f"/letters/{letter.key}/picture-0")
    assert (answer.content, answer.headers["Content-Type"]) == (b"pixels", "image/png")


def test_a_withdrawn_letter_says_why_and_repeats_nothing(client, channel):
    picture = Picture(b"pixels", "image/png", "A closed bridge", 64, 48)
    letter = a_letter(channel, "Said in error.", pictures=(picture,))
    list_of(channel).withdraw(letter.receipt, why="Wrong street.")
    answer = client.get(f"/letters/{letter.key}")

    assert answer.status_code == 410
    assert "Wrong street." in answer.content.decode()
    assert "Said in error." not in answer.content.decode()
    assert client.get(f"/letters/{letter.key}/picture-0").status_code == 404


def test_another_agency_s_letters_are_not_here(client):
    given.an_agency(name="A first agency")
    other = a_list(agency=given.an_agency(name="Z last agency"))
    letter = a_letter(other)

    assert Letter.objects.count() == 1
    assert client.get(f"/letters/{letter.key}").status_code == 404
