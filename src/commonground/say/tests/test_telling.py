"""What is late or ends badly is told on two routes, again and again, until somebody takes it."""

from datetime import timedelta

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests import given
from tests.peers.starting import free_port

from commonground.channels.contract.pretend import Fault, Trouble
from commonground.record.models import Entry
from commonground.say import actions, queries, tasks
from commonground.say.engine.telling import whom
from commonground.say.models import Delivery
from commonground.settings import mailers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})


def refused(place):
    """A post the network refused, a moment ago."""
    post = given.an_approved_post()
    place.script(Trouble(Fault.DECLINED, why="Too rude."))
    tasks.go_out()
    return post


def sweep_after(minutes):
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        tasks.sweeping.sweep()


def test_its_author_is_told_at_once_by_mail_and_on_the_screen(place):
    post = refused(place)

    tasks.sweeping.sweep()

    assert [m.to for m in mail.outbox] == [[post.author.email]]
    assert "Too rude." in mail.outbox[0].body
    assert queries.in_trouble(post.agency).count() == 1
    told = Entry.objects.get(verb="tell")
    assert told.detail == {"names": [post.author.name], "route": "screen and e-mail"}


def test_every_quarter_of_an_hour_one_person_more_is_told_until_one_takes_it(place):
    post = refused(place)
    approver = post.reviews.get().by
    tasks.sweeping.sweep()
    sweep_after(5)
    assert len(mail.outbox) == 1

    sweep_after(16)
    assert {m.to[0] for m in mail.outbox[1:]} == {post.author.email, approver.email}

    actions.acknowledge(Delivery.objects.get(), by=approver)
    sweep_after(40)
    assert len(mail.outbox) == 3


def test_one_letter_tells_a_person_of_all_that_is_wrong(place):
    author = given.a_member()
    channels = [given.a_channel(agency=author.agency, authorised=[author]) for _ in range(5)]
    given.an_approved_post(by=author, channels=channels)
    place.script(*[Fault.DECLINED] * 5)
    tasks.go_out()

    tasks.sweeping.sweep()

    assert len(mail.outbox) == 1
    assert mail.outbox[0].subject == "5 deliveries need a person"


@pytest.mark.parametrize(("urgent", "seconds"), [(True, 60), (False, 300)])
def test_what_is_not_seen_in_time_is_told_while_the_desk_goes_on_trying(place, urgent, seconds):
    post = given.an_approved_post(urgent=urgent)
    place.script(*[Fault.BUSY] * 40)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for second in range(0, seconds, 15):
            clock.move_to(start + timedelta(seconds=second))
            place.clock.at = timezone.now()
            tasks.go_out()
            tasks.sweeping.sweep()

    delivery = Delivery.objects.get()
    assert (delivery.state, len(mail.outbox)) == ("waiting", 1)
    assert delivery.raised_at <= start + timedelta(seconds=seconds)
    assert list(queries.in_trouble(post.agency)) == [delivery]


def test_once_it_was_seen_nobody_is_told_any_more(place):
    post = given.an_approved_post()
    Delivery.objects.update(raised_at=timezone.now(), tell_at=timezone.now())

    tasks.go_out()
    tasks.sweeping.sweep()

    assert not queries.in_trouble(post.agency).exists()
    assert mail.outbox == []


def test_a_delivery_that_failed_cannot_be_kept_silent(place):
    refused(place)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(raised_at=None)


def test_a_mail_server_that_does_not_answer_is_asked_again_in_a_minute(place, settings):
    settings.MAILERS = mailers(f"smtp://127.0.0.1:{free_port()}")
    refused(place)

    tasks.sweeping.sweep()

    delivery = Delivery.objects.get()
    assert delivery.told == 0
    assert delivery.tell_at <= timezone.now() + timedelta(seconds=61)


def test_no_headline_writes_a_header_of_its_own(place):
    place.script(Fault.DECLINED)
    post = given.an_approved_post(title="Closed\r\nBcc: everybody@evil.example")
    given.a_member(agency=post.agency, roles=["admin"])
    tasks.go_out()
    sweep_after(0)
    assert mail.outbox
    for letter in mail.outbox:
        whole = letter.message()
        assert whole["Bcc"] is None
        assert "\n" not in str(whole["Subject"])
        assert "everybody@evil.example" not in letter.recipients()


def test_without_mail_the_record_says_screen_only(place, settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": ""})
    refused(place)

    tasks.sweeping.sweep()

    assert Entry.objects.get(verb="tell").detail["route"] == "screen"


class Letters:
    def __init__(self):
        self.kept = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library's name
        self.kept.append(envelope)
        return "250 OK"


def test_the_letter_reaches_a_real_mail_server(place, settings):
    letters, port = Letters(), free_port()
    settings.MAILERS = mailers(f"smtp://127.0.0.1:{port}")
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    try:
        post = given.an_approved_post(title="Two lines\r\nBcc: everyone@example.com")
        place.script(Trouble(Fault.DECLINED, why="Too rude."))
        tasks.go_out()
        tasks.sweeping.sweep()
    finally:
        server.stop()

    assert [letter.rcpt_tos for letter in letters.kept] == [[post.author.email]]


def test_whom_names_one_person_more_each_time_and_nobody_twice():
    chain = ["ana", "ben", "ana", "cy"]

    assert [whom(chain, rounds) for rounds in range(4)] == [
        ["ana"], ["ana", "ben"], ["ana", "ben", "cy"], ["ana", "ben", "cy"],
    ]  # fmt: skip
