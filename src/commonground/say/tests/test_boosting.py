"""Passed on as it stands: with the network's own button, once, seen, and undone with the post."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.contract import Settles
from commonground.channels.contract.pretend import Clock, Fault, Place, Trouble
from commonground.channels.networks import networks
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.say import actions, queries, tasks
from commonground.say.engine.words import Words
from commonground.say.models import Delivery, Variant
from commonground.say.queries.echoes import offers_to

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)


class OurClock(Clock):
    """The network's clock goes as ours does."""

    def now(self):
        return timezone.now()


@pytest.fixture(params=[Settles.BY_OWN_ID, Settles.BY_KEY, Settles.BY_LOOKING])
def place(request):
    """Every rehearsal channel stands on one network that has the button."""
    network = networks()["rehearsal"]
    how = {"settles": request.param, "key_is_good_for": 1800, "boosts": True}
    place = Place(replace(network, **how), clock=OurClock())
    networks()["rehearsal"] = place.as_network()
    yield place
    networks()["rehearsal"] = network


@pytest.fixture
def agency():
    return given.an_agency()


@pytest.fixture
def original(agency, place):
    with time_machine.travel(NOW - timedelta(hours=1), tick=False):
        post = given.an_approved_post(agency=agency, text="The bridge is open again.")
        tasks.go_out()
        post.refresh_from_db()
        assert post.state == "published"
    with time_machine.travel(NOW, tick=False):
        yield post


def an_officer(agency):
    member = given.a_member(agency=agency)
    given.a_channel(agency=agency, authorised=[member])
    return member


@pytest.fixture
def officer(agency, original):
    member = an_officer(agency)
    actions.offer_echo(original, by=original.author)
    return member


def boosted_by(member):
    return actions.take_echo(offers_to(member).get(), as_it_stands=True, by=member)


def let_go(post):
    actions.submit(post, by=post.author)
    post.refresh_from_db()
    return actions.approve(post, read=post.digest, by=given.an_approver(post))


def its_minute(post):
    return time_machine.travel(post.go_out_at + timedelta(seconds=5), tick=False)


def boosts_in(place):
    return [held for held in place.posts.values() if held.message.boosts]


def out(post):
    """The echo, on its way out at its minute."""
    let_go(post)
    with its_minute(post):
        tasks.go_out()
    post.refresh_from_db()
    return post


def test_the_post_itself_is_passed_on_once_and_seen(place, original, officer):
    echo = out(boosted_by(officer))
    stood = Delivery.objects.get(variant__post=original)

    (held,) = boosts_in(place)
    assert held.message.boosts.receipt.network_id == stood.network_id
    assert (echo.state, echo.variants.get().delivery.state) == ("published", "sent")
    assert held.message.text == "The bridge is open again."
    assert not held.message.card


def test_it_needs_a_yes_like_any_other_post(place, original, officer):
    echo = boosted_by(officer)
    actions.submit(echo, by=officer)
    with pytest.raises(NotYours):
        actions.approve(echo, read=echo.digest, by=officer)
    with its_minute(echo):
        tasks.go_out()
    assert boosts_in(place) == []


def test_without_the_choice_it_is_words_of_ones_own(original, officer):
    echo = actions.take_echo(offers_to(officer).get(), by=officer)
    assert echo.variants.get().boosts is None


def test_where_the_network_has_no_button_it_leads_to_the_post(place, agency, original, officer):
    site = given.a_channel(agency=agency, network="site", authorised=[officer])
    echo = boosted_by(officer)

    words = {v.channel: (v.boosts_id is not None, v.text) for v in echo.variants.all()}

    assert words.pop(site) == (False, echo.text)
    assert list(words.values()) == [(True, "The bridge is open again.")]


@pytest.mark.parametrize("fault", [Fault.UNSURE_BEFORE, Fault.UNSURE_AFTER, Fault.BUSY])
def test_whatever_is_lost_on_the_way_it_is_passed_on_once(place, original, officer, fault):
    echo = let_go(boosted_by(officer))
    place.script(Trouble(fault))
    with time_machine.travel(echo.go_out_at + timedelta(seconds=5), tick=False) as clock:
        for _ in range(8):
            tasks.go_out()
            clock.shift(timedelta(seconds=100))

    assert len(boosts_in(place)) == 1
    assert echo.variants.get().delivery.state == "sent"


def test_it_is_undone_when_the_post_is_withdrawn(place, original, officer):
    echo = out(boosted_by(officer))
    with its_minute(echo) as clock:
        actions.withdraw(original, reason="Wrong bridge", by=given.an_approver(original))
        clock.shift(timedelta(seconds=20))
        tasks.take_back()

        assert place.posts == {}
        delivery = echo.variants.get().delivery
        assert delivery.withdrawn_at
        assert not Delivery.objects.needing_a_person().exists()


def test_words_of_ones_own_stay_when_the_post_is_withdrawn(place, agency, original, officer):
    """A link of one's own is its author's word: taking that back is offered, never done."""
    site = given.a_channel(agency=agency, network="site", authorised=[officer])
    echo = out(boosted_by(officer))
    with its_minute(echo):
        actions.withdraw(original, reason="Wrong bridge", by=given.an_approver(original))
        tasks.take_back()

    by_channel = {d.variant.channel: d for d in Delivery.objects.filter(variant__post=echo)}
    assert by_channel.pop(site).withdrawn_at is None
    assert by_channel.popitem()[1].withdrawn_at


def test_a_network_that_will_not_undo_it_is_told_of(place, original, officer):
    echo = out(boosted_by(officer))
    with its_minute(echo):
        actions.withdraw(original, reason="Wrong bridge", by=given.an_approver(original))
        Delivery.objects.filter(variant__post=original).update(withdrawn_at=NOW)
        place.script(Trouble(Fault.DECLINED, on="withdraw", why="No."))
        tasks.take_back()

    assert [d.variant.post for d in Delivery.objects.needing_a_person()] == [echo]


def test_what_was_withdrawn_before_its_minute_is_not_passed_on(place, original, officer):
    echo = let_go(boosted_by(officer))
    actions.withdraw(original, reason="Wrong bridge", by=given.an_approver(original))
    with its_minute(echo):
        tasks.go_out()

    echo.refresh_from_db()
    assert (echo.state, boosts_in(place)) == ("failed", [])


def test_what_was_withdrawn_in_the_last_moment_is_not_passed_on(place, original, officer):
    """Between the start and the first byte: the fence asks about the post as well."""
    echo = let_go(boosted_by(officer))
    with its_minute(echo):
        tasks.start_due()
        actions.withdraw(original, reason="Wrong bridge", by=given.an_approver(original))
        tasks.go_out()

    assert boosts_in(place) == []
    assert echo.variants.get().delivery.state == "late"


def test_one_part_of_a_thread_that_is_taken_back_takes_its_boosts_along(place, original, officer):
    echo = out(boosted_by(officer))
    with its_minute(echo):
        Variant.objects.filter(post=original).update(taken_back_at=NOW)
        tasks.take_back()

    assert echo.variants.get().delivery.withdrawn_at


def test_another_post_in_its_place_voids_the_yes(place, original, officer):
    echo = let_go(boosted_by(officer))
    Delivery.objects.filter(variant__post=original).update(network_id="other")
    with its_minute(echo):
        tasks.go_out()
    echo.refresh_from_db()
    assert (echo.state, boosts_in(place)) == ("failed", [])


def test_writing_on_keeps_what_is_passed_on_until_other_words_are_chosen(original, officer):
    echo = boosted_by(officer)
    channel = echo.variants.get().channel
    said = Words("Bridge", "Other words.", "en", frozenset([channel.pk]), {})

    actions.write(echo, said, by=officer)
    kept = echo.variants.get()
    assert (kept.text, kept.boosts is not None) == ("The bridge is open again.", True)
    assert queries.previews_as_typed(echo, said, [channel])[0].boosts

    own = replace(said, detached={channel.pk: "In my words."})
    assert queries.previews_as_typed(echo, own, [channel])[0].boosts is None
    actions.write(echo, own, by=officer)
    assert (echo.variants.get().text, echo.variants.get().boosts) == ("In my words.", None)


def test_pictures_of_the_draft_do_not_go_with_it(place, original, officer, a_picture):
    echo = boosted_by(officer)
    actions.add_picture(echo, a_picture, "A bridge", by=officer)
    out(echo)
    (held,) = boosts_in(place)
    assert held.message.pictures == ()


def test_a_boost_is_no_post_to_boost(original, officer, agency):
    echo = out(boosted_by(officer))
    with pytest.raises(Refused, match="Offer that one"):
        actions.offer_echo(echo, by=officer)


def test_the_pages_say_what_the_button_does(client, original, officer):
    client.force_login(officer)
    echo = offers_to(officer).get()
    offered = client.get(reverse("say:echo", args=[echo.pk])).content.decode()
    assert "Pass on as it stands" in offered

    answer = client.post(
        reverse("say:take_echo", args=[echo.pk]), {"sentence": "", "as_it_stands": "yes"},
        follow=True,
    )  # fmt: skip
    shown = answer.content.decode()
    assert "Passes on the post of" in shown
    assert "The bridge is open again." in shown


def test_a_corrected_echo_starts_without_what_was_passed_on(agency, original, officer):
    site = given.a_channel(agency=agency, network="site", authorised=[officer])
    echo = out(boosted_by(officer))
    draft = actions.correct(echo, by=officer)
    assert [v.channel for v in draft.variants.all()] == [site]


def test_nobody_passes_on_what_was_not_offered_to_them(original, officer, agency):
    with pytest.raises(NotYours):
        actions.take_echo(offers_to(officer).get(), as_it_stands=True, by=an_officer(agency))
    echo = offers_to(officer).get()
    boosted_by(officer)
    with pytest.raises(MovedOn):
        actions.take_echo(echo, as_it_stands=True, by=officer)
