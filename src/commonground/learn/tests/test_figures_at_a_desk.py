"""A warning before two agencies say two numbers."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.say.actions import submit
from commonground.say.models import Delivery, Post
from commonground.say.states import DeliveryState, State
from commonground.spot.actions.joint import take_back_fact
from commonground.spot.models import Shown
from commonground.spot.tests.together import a_fact, a_shared_moment, someone

pytestmark = pytest.mark.django_db


def shown(client, moment):
    address = reverse("learn:figures", args=[moment.pk])
    return client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_a_post_that_waits_and_anothers_fact_give_two_numbers_and_both_are_told(client):
    partner = a_shared_moment()
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    fact = a_fact(partner, "5 people hurt", by=guest)
    post = given.a_post(agency=host.agency, moment=partner.moment, text="Three people injured.")
    client.force_login(guest)
    assert shown(client, partner.own_moment) == ""
    submit(post, by=post.author)
    for person, moment in ((host, partner.moment), (guest, partner.own_moment)):
        client.force_login(person)
        assert "people hurt" in shown(client, moment)
    page = client.get(reverse("spot:joint", args=[partner.moment_id])).content.decode()
    assert "Two numbers for the same thing" in page
    take_back_fact(fact, by=guest)
    assert shown(client, partner.own_moment) == ""


def test_whoever_approves_is_told_on_the_page_where_they_say_yes(client):
    partner = a_shared_moment()
    a_fact(partner, "5 people hurt", by=someone(partner.agency))
    post = given.a_post(
        agency=partner.moment.agency, moment=partner.moment, text="Three people injured."
    )
    submit(post, by=post.author)
    client.force_login(someone(partner.moment.agency))
    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()
    assert "Two numbers for the same thing" in page


def test_what_the_others_are_not_shown_warns_nobody_but_its_own_people(client):
    partner = a_shared_moment(shows=Shown.PUBLISHED)
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    a_fact(partner, "5 people hurt", by=host)
    post = given.a_post(agency=guest.agency, moment=partner.own_moment, text="3 people hurt")
    submit(post, by=post.author)
    client.force_login(host)
    assert shown(client, partner.moment) == ""
    client.force_login(guest)
    assert "people hurt" in shown(client, partner.own_moment)


def test_what_failed_on_one_network_and_is_public_on_another_is_compared(client):
    partner = a_shared_moment()
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    a_fact(partner, "5 people hurt", by=host)
    post = given.a_post(agency=guest.agency, moment=partner.own_moment, text="3 people hurt")
    Post.objects.filter(pk=post.pk).update(state=State.FAILED)
    client.force_login(host)
    assert shown(client, partner.moment) == ""  # it failed everywhere

    now = timezone.now()
    Delivery.objects.create(
        variant=post.variants.get(), agency=guest.agency, key="k", approved="x", due_at=now,
        not_after=now, next_at=now, state=DeliveryState.SENT, seen_at=now, network_id="n",
    )  # fmt: skip
    assert "people hurt" in shown(client, partner.moment)
    Post.objects.filter(pk=post.pk).update(state=State.WITHDRAWN)
    assert shown(client, partner.moment) == ""


def test_where_nothing_differs_the_page_says_so(client):
    partner = a_shared_moment()
    client.force_login(someone(partner.agency))
    page = client.get(reverse("learn:figures", args=[partner.own_moment_id])).content.decode()
    assert "No two agencies here" in page
