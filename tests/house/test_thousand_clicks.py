"""A thousand presses on one button, many at once, have one effect (hostile input 48)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from commonground.agency.states import Role
from commonground.protect.models import Hold
from commonground.record.actions import verify
from commonground.record.models import Entry
from commonground.say.models import Delivery, Post, Review
from tests import given

HANDS, PRESSES = 8, 125
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
]


def pressed(members, address, **typed):
    """Each of eight hands presses 125 times, without waiting for the others; what was answered."""
    browsers = []
    for number in range(HANDS):
        browsers.append(Client(raise_request_exception=False))
        browsers[-1].force_login(members[number % len(members)])

    def press(browser):
        try:
            return [browser.post(address, typed).status_code for _ in range(PRESSES)]
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        answers = Counter(status for each in hands.map(press, browsers) for status in each)
    assert answers.total() == HANDS * PRESSES
    assert not [status for status in answers if status >= 500]
    return answers


def test_a_thousand_presses_on_publish_are_one_approval_and_one_delivery():
    post = given.a_post_in_review()
    approvers = [given.an_approver(post) for _ in range(4)]

    pressed(approvers, reverse("say:approve", args=[post.pk]), read=post.digest, have_read="on")

    assert Post.objects.get(pk=post.pk).state == "approved"
    assert (Review.objects.count(), Delivery.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="approve").count() == 1
    assert verify() is None


def test_a_thousand_presses_on_stop_are_one_stop():
    agency = given.an_agency()
    people = [given.a_member(agency=agency, roles=[role]) for role in (Role.AUTHOR, Role.ADMIN)]

    pressed(people, reverse("protect:stop"), reason="Hacked?")

    assert Hold.objects.standing().filter(agency=agency).count() == 1
    assert Entry.objects.filter(verb="stop").count() == 1
    assert verify() is None
