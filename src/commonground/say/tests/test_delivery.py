"""Each approved post reaches each channel exactly once, or a person is told."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.channels.contract import Settles
from commonground.channels.contract.pretend import Fault, Trouble
from commonground.kit.refusals import MovedOn
from commonground.protect.models import Hold
from commonground.say import actions, queries, tasks
from commonground.say.engine.delivering import Note
from commonground.say.models import Delivery

pytestmark = pytest.mark.django_db
CLASSES = [Settles.BY_KEY, Settles.BY_OWN_ID, Settles.BY_LOOKING]


def rounds(place, *, minutes=12):
    """Let the clock run, a look every ten seconds, until nothing is pending or time is up."""
    start = timezone.now()
    place.clock.at = start
    with time_machine.travel(start, tick=False) as clock:
        for second in range(0, minutes * 60, 10):
            clock.move_to(start + timedelta(seconds=second))
            place.clock.at = timezone.now()
            tasks.go_out()
            if not Delivery.objects.unfinished().filter(handed_over_at=None).exists():
                break


def the_delivery():
    return Delivery.objects.get()


@pytest.mark.parametrize("place", CLASSES, indirect=True)
def test_sent_means_seen(place):
    post = given.an_approved_post()

    rounds(place)

    post.refresh_from_db()
    delivery = the_delivery()
    assert (post.state, delivery.state) == ("published", "sent")
    assert delivery.seen_at
    assert delivery.url
    assert [h.message.text for h in place.posts.values()] == ["The bridge is closed."]


@pytest.mark.parametrize("place", CLASSES[:1], indirect=True)
def test_moment_learns_when_our_first_word_about_it_was_seen(place):
    author = given.a_member()
    moment = given.a_moment(agency=author.agency)
    given.an_approved_post(by=author, moment=moment)

    rounds(place)

    moment.refresh_from_db()
    assert moment.first_word_at == the_delivery().seen_at


SCRIPTS = {
    "lost before": [Fault.UNSURE_BEFORE],
    "lost after": [Fault.UNSURE_AFTER],
    "lost after, then cannot look": [Fault.UNSURE_AFTER, Trouble(Fault.BUSY, on="find")],
    "taken, then cannot look": [Trouble(Fault.BUSY, on="find")],
    "busy, then lost after": [Fault.BUSY, Fault.UNSURE_AFTER],
    "lost before thrice": [Fault.UNSURE_BEFORE] * 3,
    "lost after, declined when asked again": [Fault.UNSURE_AFTER, Fault.DECLINED],
}


@pytest.mark.parametrize("place", CLASSES, indirect=True)
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_whatever_is_lost_on_the_way_it_stands_there_exactly_once(place, script):
    given.an_approved_post()
    place.script(*script)

    rounds(place)

    assert the_delivery().state == "sent"
    assert len(place.posts) == 1


@pytest.mark.parametrize("place", [Settles.NEVER], indirect=True)
def test_where_nothing_can_settle_it_a_person_is_asked_and_nothing_is_repeated(place):
    post = given.an_approved_post()
    place.script(Fault.UNSURE_AFTER)

    rounds(place)

    delivery = the_delivery()
    assert delivery.state == "unsure"
    assert list(queries.in_trouble(post.agency)) == [delivery]
    assert [call for call, _ in place.calls].count("publish") == 1


def test_a_person_who_looked_settles_it(place):
    post = given.an_approved_post()
    approver = given.an_approver(post)
    place.script(*[Fault.UNSURE_BEFORE] * 20)
    rounds(place, minutes=60)
    delivery = the_delivery()
    assert delivery.handed_over_at

    actions.rule_out(delivery, by=approver)
    tasks.go_out()

    post.refresh_from_db()
    assert post.state == "failed"


def test_while_the_desk_still_looks_nobody_else_may_settle(place):
    post = given.an_approved_post()
    place.script(Fault.UNSURE_AFTER, Trouble(Fault.BUSY, on="find"))
    tasks.go_out()

    with pytest.raises(MovedOn, match="still looking"):
        actions.confirm(the_delivery(), by=given.an_approver(post))


def test_a_no_is_told_and_not_repeated(place):
    post = given.an_approved_post()
    place.script(Trouble(Fault.DECLINED, why="Too rude."))

    rounds(place)

    post.refresh_from_db()
    assert the_delivery().why == "Too rude."
    assert post.state == "failed"
    assert queries.in_trouble(post.agency).count() == 1
    assert len(place.calls) == 1


def test_a_channel_that_forgot_us_keeps_its_posts_until_it_is_signed_in_again(place):
    given.an_approved_post()
    place.script(Fault.SIGNED_OUT)
    tasks.go_out()
    delivery = the_delivery()
    channel = delivery.variant.channel
    channel.refresh_from_db()
    assert (delivery.state, channel.state) == ("waiting", "sign_in_needed")

    place.signed_out = False
    type(channel).objects.update(state="ready")
    rounds(place)

    assert the_delivery().state == "sent"


def test_nothing_is_sent_while_everything_is_stopped(place):
    post = given.an_approved_post()
    hold = Hold.objects.create(agency=post.agency, reason="Taken over?", by=post.author)

    tasks.go_out()
    assert place.posts == {}

    hold.delete()
    rounds(place)
    assert len(place.posts) == 1


def test_a_post_whose_time_passed_is_not_sent_late(place):
    post = given.an_approved_post()
    with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
        tasks.go_out()

    post.refresh_from_db()
    assert (post.state, the_delivery().state) == ("failed", "late")
    assert place.posts == {}


def test_a_certificate_that_lapsed_since_the_approval_holds_the_post(place):
    post = given.an_approved_post()
    post.author.certificates.update(revoked_at=timezone.now())

    tasks.go_out()

    post.refresh_from_db()
    assert post.state == "failed"
    assert "certificate" in post.reason
    assert place.posts == {}


@pytest.mark.parametrize(("before_noon", "state"), [(1, "published"), (0, "failed")])
def test_a_certificate_that_ends_at_noon_still_counts_a_second_before(place, before_noon, state):
    noon = timezone.now().replace(microsecond=0) + timedelta(minutes=1)
    post = given.an_approved_post()
    post.author.certificates.all().delete()
    given.a_certificate(post.author, expires_at=noon)

    with time_machine.travel(noon - timedelta(seconds=before_noon), tick=False):
        tasks.go_out()

    post.refresh_from_db()
    assert post.state == state
    assert len(place.posts) == before_noon


def test_a_certificate_that_ends_after_a_post_began_to_go_out_holds_what_has_not_left(place):
    post = given.an_approved_post()
    tasks.start_due()
    post.author.certificates.update(revoked_at=timezone.now())

    tasks.go_out()

    assert place.posts == {}
    assert "certificate" in the_delivery().why


def test_words_changed_behind_the_desk_do_not_go_out(place):
    post = given.an_approved_post()
    post.variants.update(text="The bridge is open.")

    tasks.go_out()

    post.refresh_from_db()
    assert post.state == "failed"
    assert place.posts == {}


def test_a_scheduled_post_waits_for_its_time(place):
    at = timezone.now() + timedelta(hours=2)
    post = given.an_approved_post(go_out_at=at)
    tasks.go_out()
    assert (post.state, place.posts) == ("scheduled", {})

    with time_machine.travel(at + timedelta(seconds=5), tick=False):
        place.clock.at = timezone.now()
        tasks.go_out()

    assert the_delivery().state == "sent"


def test_an_approved_post_can_be_taken_back_before_it_leaves(place, settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 30})
    post = given.an_approved_post()
    tasks.go_out()
    assert place.posts == {}

    actions.withdraw(post, reason="Second thoughts.", by=given.an_approver(post))
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        tasks.go_out()

    assert place.posts == {}


def test_a_withdrawn_post_is_taken_back_from_the_network(place):
    post = given.an_approved_post()
    rounds(place)
    post.refresh_from_db()

    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))
    place.script(Trouble(Fault.BUSY, on="withdraw"))
    tasks.take_back()
    assert place.posts
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        tasks.take_back()

    assert place.posts == {}
    assert the_delivery().withdrawn_at


def test_a_worker_that_slept_past_its_lease_cannot_overwrite_what_happened_since(place):
    given.an_approved_post()
    place.clock.at = timezone.now()
    tasks.start_due()
    slow = the_delivery()
    assert actions.claim(slow)
    assert actions.attempt(slow)

    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        place.clock.at = timezone.now()
        tasks.go_out()
        assert the_delivery().state == "sent"
        with pytest.raises(MovedOn):
            actions.note(slow, Note("put_back", "429"))

    assert the_delivery().state == "sent"


def test_two_workers_do_not_take_the_same_delivery(place):
    given.an_approved_post()
    tasks.start_due()
    first, second = the_delivery(), the_delivery()

    assert actions.claim(first)
    assert not actions.claim(second)


@pytest.mark.parametrize("place", CLASSES[:1], indirect=True)
def test_what_the_desk_writes_down_by_itself_is_in_its_agencys_language(place):
    ours = given.an_agency(languages=["fr", "en"])
    post = given.an_approved_post(by=given.a_member(agency=ours))
    Hold.objects.create(agency=ours, reason="Exercice", by=post.author)

    tasks.go_out()

    assert the_delivery().why == "Tout est arrêté. Elle attend."
