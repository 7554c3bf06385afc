"""What was taken back is gone everywhere, or a person is told where it is not."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.agency.models import MemberRole
from commonground.channels.contract.pretend import Fault, Trouble
from commonground.channels.models import Authorisation
from commonground.say import actions, queries, tasks
from commonground.say.engine.delivering import Hindrance
from commonground.say.models import Delivery

pytestmark = pytest.mark.django_db


def later(place, **much):
    """The clock of the desk and of the network, some time on."""
    at = timezone.now() + timedelta(**much)
    place.clock.at = at
    return time_machine.travel(at, tick=False)


def on_two_channels(**but):
    """A post on the rehearsal, which tests can trouble, and on our own newsroom."""
    author = given.a_member()
    channels = [
        given.a_channel(agency=author.agency, network=network, authorised=[author])
        for network in ("rehearsal", "site")
    ]
    return given.an_approved_post(by=author, channels=channels, **but)


def test_wrong_words_come_down_while_another_network_does_not_answer(place):
    post = on_two_channels()
    place.clock.at = timezone.now()
    place.script(Fault.BUSY)
    tasks.go_out()
    post.refresh_from_db()
    site = Delivery.objects.get(variant__channel__network="site")
    assert (post.state, site.state) == ("publishing", "sent")

    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))
    tasks.take_back()
    with later(place, minutes=10):
        tasks.go_out()

    site.refresh_from_db()
    assert site.withdrawn_at
    assert place.posts == {}
    assert not Delivery.objects.unfinished().exists()


def test_what_may_be_out_there_is_found_and_taken_back(place):
    post = given.an_approved_post()
    place.clock.at = timezone.now()
    place.script(Fault.UNSURE_AFTER)
    tasks.go_out()
    assert (Delivery.objects.get().state, len(place.posts)) == ("unsure", 1)
    post.refresh_from_db()

    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))
    with later(place, minutes=3):
        tasks.go_out()
        tasks.take_back()

    assert place.posts == {}
    assert Delivery.objects.get().withdrawn_at


def test_a_send_that_was_about_to_begin_does_not(place):
    post = given.an_approved_post()
    tasks.start_due()
    post.refresh_from_db()
    about_to = tasks.ready(timezone.now())[0]
    Delivery.objects.update(attempt=1)  # busy once already, so it is not simply forgotten
    about_to.attempt = 1
    assert actions.claim(about_to)

    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))

    assert isinstance(actions.attempt(about_to), Hindrance)


def test_a_network_that_keeps_it_is_told_to_a_person_and_asked_again(place):
    post = given.an_approved_post()
    place.clock.at = timezone.now()
    tasks.go_out()
    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))
    place.script(Trouble(Fault.DECLINED, on="withdraw", why="Not allowed."))

    tasks.take_back()

    delivery = Delivery.objects.get()
    assert list(queries.in_trouble(post.agency)) == [delivery]
    assert delivery.why == "Not allowed."
    with later(place, minutes=1):
        tasks.take_back()
    assert place.posts == {}
    assert not queries.in_trouble(post.agency).exists()


def test_the_page_does_not_call_gone_what_is_still_there(client, place):
    post = given.an_approved_post()
    place.clock.at = timezone.now()
    tasks.go_out()
    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))
    client.force_login(post.author)

    page = client.get(reverse("say:post", args=[post.pk])).content.decode()

    assert "still public" in page


def test_a_post_that_waits_too_long_is_told_however_often_it_was_tried(place):
    post = given.an_approved_post()
    place.script(*[Fault.BUSY] * 40)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for second in range(0, 420, 5):
            clock.move_to(start + timedelta(seconds=second))
            place.clock.at = timezone.now()
            tasks.go_out()
            tasks.sweeping.sweep()

        assert Delivery.objects.get().state == "waiting"
        assert queries.in_trouble(post.agency).count() == 1


@pytest.mark.parametrize("who", ["author", "approver"])
def test_nobody_who_left_the_desk_is_heard_from_it(place, who):
    post = given.an_approved_post()
    member = post.author if who == "author" else post.reviews.get().by
    type(member).objects.filter(pk=member.pk).update(is_active=False)

    tasks.go_out()

    post.refresh_from_db()
    assert (post.state, place.posts) == ("failed", {})
    assert "no longer" in post.reason


def test_an_author_who_lost_the_role_is_not_heard(place):
    post = given.an_approved_post()
    MemberRole.objects.filter(member=post.author).delete()

    tasks.go_out()

    assert place.posts == {}


def test_an_authorisation_that_ended_while_a_post_waited_is_asked_for(place):
    given.an_approved_post()
    place.clock.at = timezone.now()
    place.script(Fault.BUSY)
    tasks.go_out()
    Authorisation.objects.update(ended_at=timezone.now())

    with later(place, minutes=10):
        tasks.go_out()

    assert place.posts == {}
    assert Delivery.objects.get().state == "declined"


def test_one_mistake_of_ours_does_not_keep_the_others_waiting(place, caplog):
    first, second = given.an_approved_post(), given.an_approved_post(text="The road is open.")
    Delivery.objects.filter(variant__post=first).update(due_at=timezone.now() - timedelta(hours=1))
    channel = first.variants.get().channel
    type(channel).objects.filter(pk=channel.pk).update(network="gone")
    place.clock.at = timezone.now()

    tasks.go_out()

    second.refresh_from_db()
    assert second.state == "published"
    assert [r for r in caplog.records if r.exc_info]
    caplog.clear()


def test_who_decides_is_told_that_it_could_not_go_out(client):
    post = given.a_post_in_review()
    approver = given.an_approver(post)
    Authorisation.objects.update(ended_at=timezone.now())
    client.force_login(approver)

    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()

    assert "is not authorised to speak on" in page
    assert "is certified and authorised" not in page
