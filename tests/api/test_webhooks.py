"""Other programs are told what happened, signed, until they hear it or a person must look."""

import base64
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from hypothesis import given as example, strategies as st

from commonground.connect import actions, tasks
from commonground.connect.engine.retrying import LONGEST_ASKED, SWING, WAITS, wait_after
from commonground.connect.engine.signing import signature
from commonground.connect.models import Bookmark, Notice, Webhook
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.protect import actions as protect
from commonground.record.models import Entry
from commonground.say import actions as say
from commonground.spot import actions as spot
from tests import given
from tests.api import receiver as rude
from tests.api.receiver import a_receiver


@pytest.fixture
def elsewhere():
    with a_receiver() as server:
        yield server


@pytest.fixture
def chief():
    return given.a_member(roles=["admin", "author"])


def told_to(server, by, events=("post.submitted", "post.withdrawn", "desk.stopped")):
    webhook, server.secret = actions.open_webhook(
        name="Site", address=server.address, events=events, by=by
    )
    return webhook


def go_round():
    """What the worker does, until nothing is due."""
    tasks.pull()
    for _ in range(20):
        tasks.tell_programs()


@pytest.mark.django_db
def test_what_happened_is_told_signed_and_once(elsewhere, chief):
    webhook = told_to(elsewhere, chief)
    post = given.a_post_in_review(agency=chief.agency)
    go_round()
    go_round()
    assert elsewhere.events == ["post.submitted"]
    assert elsewhere.unsigned == []
    name, told = elsewhere.heard[0]
    assert name == Notice.objects.get().name
    assert told["data"]["id"] == str(post.pk)
    assert told["data"]["read"].endswith(f"/api/v1/posts/{post.pk}")
    assert told["data"]["entry"] == Entry.objects.get(verb="submit").number
    webhook.refresh_from_db()
    assert webhook.answered_at


@pytest.mark.django_db
def test_no_word_of_a_draft_travels(elsewhere, chief):
    told_to(elsewhere, chief)
    given.a_post_in_review(agency=chief.agency, text="The suspect was seen at the mill.")
    go_round()
    assert "suspect" not in str(elsewhere.heard)


@pytest.mark.django_db
def test_it_is_told_only_what_it_asked_for_and_only_its_own_agency(elsewhere, chief):
    told_to(elsewhere, chief, events=["desk.stopped"])
    given.a_post_in_review(agency=chief.agency)
    given.a_post_in_review()
    protect.stop(given.an_agency(), reason="Theirs", by=None)
    protect.stop(chief.agency, reason="Ours", by=chief)
    go_round()
    assert elsewhere.events == ["desk.stopped"]


@pytest.mark.django_db
def test_what_was_before_is_nobodys_news(elsewhere, chief):
    given.a_post_in_review(agency=chief.agency)
    told_to(elsewhere, chief)
    go_round()
    assert elsewhere.events == []


@pytest.mark.django_db
def test_reading_the_record_again_tells_nothing_twice(elsewhere, chief):
    told_to(elsewhere, chief)
    given.a_post_in_review(agency=chief.agency)
    go_round()
    Bookmark.objects.update(number=0)
    go_round()
    assert elsewhere.events == ["post.submitted"]


@pytest.mark.django_db
def test_moments_and_withdrawals_are_told(elsewhere, chief):
    events = ["moment.closed", "post.withdrawn", "post.approved"]
    told_to(elsewhere, chief, events=events)
    post = given.an_approved_post(agency=chief.agency)
    approver = given.an_approver(post)
    say.withdraw(post, reason="Wrong bridge", by=approver)
    spot.dismiss(given.a_moment(agency=chief.agency), reason="Not ours", by=chief)
    go_round()
    assert sorted(elsewhere.events) == sorted(events)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rudeness", [rude.breaks, rude.busy, rude.sends_on, rude.hangs_up, rude.never_ends]
)
def test_whoever_does_not_hear_is_told_again_under_the_same_name(elsewhere, chief, rudeness):
    told_to(elsewhere, chief)
    given.a_post_in_review(agency=chief.agency)
    elsewhere.answer = rudeness
    go_round()
    notice = Notice.objects.get()
    assert notice.told_at is None
    assert notice.tries == 1
    assert notice.why
    assert notice.next_at > timezone.now()
    assert elsewhere.paths == ["/told"], "it went where it was sent on to"
    elsewhere.answer = rude.ok
    with time_machine.travel(notice.next_at + timedelta(seconds=1)):
        elsewhere.is_signed = lambda headers, body: True  # the clock of this test is ahead
        tasks.tell_programs()
    assert len({name for name, _told in elsewhere.heard}) == 1
    notice.refresh_from_db()
    assert notice.told_at


@pytest.mark.django_db
def test_whoever_hangs_is_cut_off(elsewhere, chief):
    notice = actions.send_test(told_to(elsewhere, chief), by=chief)
    elsewhere.answer = rude.hangs
    tasks.tell(notice, seconds=0.3)
    notice.refresh_from_db()
    assert notice.why
    assert notice.held_until is None


@pytest.mark.django_db
def test_one_program_that_hangs_holds_up_its_own_news_only(elsewhere, chief):
    slow = told_to(elsewhere, chief)
    first = Notice.objects.create(webhook=slow, event="test")
    Notice.objects.create(webhook=slow, event="test")
    other, _secret = actions.open_webhook(
        name="Other", address=elsewhere.address, events=["post.held"], by=chief
    )
    theirs = Notice.objects.create(webhook=other, event="test")
    now = timezone.now()
    assert actions.hold_notice(first, now)
    assert not actions.hold_notice(first, now)
    assert list(Notice.objects.due(now)) == [theirs]
    # The worker that held it died: it is taken up again.
    assert first in Notice.objects.due(now + timedelta(minutes=2))


@pytest.mark.django_db
def test_after_the_last_try_it_is_paused_and_a_named_person_told(elsewhere, chief):
    webhook = told_to(elsewhere, chief)
    given.a_post_in_review(agency=chief.agency)
    elsewhere.answer = rude.breaks
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(len(WAITS) + 3):
            go_round()
            clock.shift(timedelta(hours=13))
        webhook.refresh_from_db()
        assert webhook.paused_at
        assert webhook.given_up_at
        assert len(elsewhere.paths) == len(WAITS) + 1
        tasks.tell_of_webhooks()
        tasks.tell_of_webhooks()
        assert Entry.objects.get(verb="tell_of_webhook").detail["names"] == [chief.name]
        # What happens meanwhile waits, and is told once somebody resumed it.
        post = given.a_post(agency=chief.agency)
        say.submit(post, by=post.author)
        go_round()
        assert len(elsewhere.paths) == len(WAITS) + 1
        elsewhere.answer, elsewhere.is_signed = rude.ok, lambda headers, body: True
        elsewhere.heard.clear()
        actions.resume_webhook(webhook, by=chief)
        go_round()
    assert [told["data"]["id"] for _name, told in elsewhere.heard] == [str(post.pk)]


@pytest.mark.django_db
def test_what_was_given_up_can_be_told_again(elsewhere, chief):
    webhook = told_to(elsewhere, chief)
    notice = Notice.objects.create(
        webhook=webhook, event="test", tries=9, given_up_at=timezone.now(), why="Nobody"
    )
    actions.resend(notice, by=chief)
    go_round()
    assert elsewhere.events == ["test"]
    actions.resend(notice, by=chief)
    go_round()
    assert len({name for name, _told in elsewhere.heard}) == 1


@pytest.mark.django_db
def test_while_a_secret_takes_over_either_is_enough(elsewhere, chief):
    webhook = told_to(elsewhere, chief)
    old = elsewhere.secret
    new = actions.renew_secret(webhook, by=chief)
    for secret in (old, new):
        elsewhere.secret = secret
        actions.send_test(webhook, by=chief)
        go_round()
    assert len(elsewhere.heard) == 2
    assert elsewhere.unsigned == []
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert len(webhook.secrets_in_force()) == 1


@pytest.mark.django_db
def test_a_copy_of_the_database_signs_nothing(chief, elsewhere, settings):
    webhook = told_to(elsewhere, chief)
    raw = base64.b64decode(elsewhere.secret.removeprefix("whsec_"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM commonground_connect_webhooksecret")
        assert base64.b64encode(raw).decode() not in str(cursor.fetchone())
    assert webhook.secrets_in_force() == [raw]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://localhost/",
     "https://10.0.0.5/x"],
)  # fmt: skip
def test_nothing_is_sent_into_our_own_network(chief, settings, address):
    webhook, _secret = actions.open_webhook(
        name="Inside", address="https://example.org/", events=["desk.stopped"], by=chief
    )
    Webhook.objects.filter(pk=webhook.pk).update(address=address)
    settings.ENV = django_settings.ENV.model_copy(update={"allow_private_addresses": False})
    actions.send_test(webhook, by=chief)
    tasks.tell_programs()
    assert "private network" in Notice.objects.get().why


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["http://example.org/", "https://example.org:8443/", "https://user:secret@example.org/",
     "ftp://example.org/", "https://", "javascript:alert(1)", "https://a\nb/"],
)  # fmt: skip
def test_an_address_that_cannot_be_safe_is_refused_at_once(chief, settings, address):
    settings.ENV = django_settings.ENV.model_copy(update={"allow_private_addresses": False})
    with pytest.raises(Refused):
        actions.open_webhook(name="X", address=address, events=["desk.stopped"], by=chief)


@pytest.mark.django_db
def test_only_administrators_of_the_agency_say_who_is_told(elsewhere, chief):
    webhook = told_to(elsewhere, chief)
    for by in (given.a_member(agency=chief.agency), given.a_member(roles=["admin"])):
        with pytest.raises(NotYours):
            actions.send_test(webhook, by=by)
        with pytest.raises(NotYours):
            actions.renew_secret(webhook, by=by)
        with pytest.raises(NotYours):
            actions.close_webhook(webhook, by=by)


@pytest.mark.django_db
def test_whoever_is_told_nothing_any_more_keeps_no_secret(elsewhere, chief):
    webhook = told_to(elsewhere, chief)
    Notice.objects.create(webhook=webhook, event="test")
    actions.close_webhook(webhook, by=chief)
    go_round()
    assert elsewhere.paths == []
    assert not webhook.secrets.exists()
    with pytest.raises(MovedOn):
        actions.send_test(Webhook.objects.get(), by=chief)


@pytest.mark.django_db
def test_what_is_a_month_old_is_forgotten(elsewhere, chief):
    webhook = told_to(elsewhere, chief)
    Notice.objects.create(webhook=webhook, event="test", at=timezone.now() - timedelta(days=31))
    kept = Notice.objects.create(webhook=webhook, event="test")
    actions.forget_notices(timezone.now())
    assert list(Notice.objects.all()) == [kept]


@example(tries=st.integers(1, 40), chance=st.floats(0, 1), asked=st.floats(0, 1e12))
def test_waits_grow_and_end(tries, chance, asked):
    wait = wait_after(tries, chance, asked)
    if tries > len(WAITS):
        assert wait is None
    else:
        least = WAITS[tries - 1] * (1 - SWING)
        assert least <= wait <= max(WAITS[-1] * (1 + SWING), LONGEST_ASKED)


def test_a_signature_is_the_one_of_the_standard():
    """The example of the Standard Webhooks specification's own libraries."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    said = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
