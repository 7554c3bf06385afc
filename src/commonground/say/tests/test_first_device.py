"""The first post let go from a device waits for somebody who vouches for the device."""

import time

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.core.signing import dumps
from django.test import Client
from django.urls import reverse
from tests import given

from commonground.kit.refusals import NotYours
from commonground.protect import actions as protect, tasks as protect_tasks
from commonground.protect.http import COOKIE, named_in
from commonground.protect.models import Device
from commonground.record.models import Entry
from commonground.say import tasks
from commonground.say.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_brake_is_on(settings, place):
    settings.ENV = settings.ENV.model_copy(update={"first_device": True, "undo_seconds": 0})


def at_a_browser(member, client=None):
    client = client or Client()
    client.force_login(member)
    client.get(reverse("protect:device"))
    return client


def approve(client, post):
    reply = client.post(
        reverse("say:approve", args=[post.pk]), {"read": post.digest, "have_read": "on"}
    )
    assert reply.status_code == 302
    return state_of(post)


def let_go(client, post):
    assert client.post(reverse("say:release", args=[post.pk])).status_code == 302
    return state_of(post)


def state_of(post):
    tasks.start_due()
    return Post.objects.get(pk=post.pk).state


@pytest.fixture
def author():
    return given.a_member()


def a_post(author):
    return given.a_post_in_review(by=author)


def an_approver(author):
    return given.a_member(agency=author.agency, roles=["approver"])


def test_the_first_post_waits_says_why_and_a_known_colleague_lets_it_go(author):
    new, known = an_approver(author), an_approver(author)
    desk = at_a_browser(known)
    protect.confirm_device(first_of(known, desk, a_post(author)), by=known)

    post = a_post(author)
    here = at_a_browser(new)
    assert approve(here, post) == "held"
    held = Post.objects.get(pk=post.pk)
    assert held.held_by is None
    assert new.name in held.held_because
    assert let_go(desk, post) == "publishing"
    assert Device.objects.get(member=new).confirmed_by == known
    assert approve(here, a_post(author)) == "publishing"


def first_of(member, client, post):
    approve(client, post)
    return Device.objects.get(member=member)


def test_whoever_let_it_go_cannot_vouch_for_themselves_by_letting_it_go_again(author):
    post, thief = a_post(author), an_approver(author)
    here = at_a_browser(thief)
    assert approve(here, post) == "held"
    assert let_go(here, post) == "held"
    assert let_go(at_a_browser(thief), post) == "held"
    assert not Device.objects.exclude(confirmed_at=None).exists()


def test_a_second_new_device_vouches_for_none(author):
    post, other = a_post(author), an_approver(author)
    assert approve(at_a_browser(an_approver(author)), post) == "held"
    assert let_go(at_a_browser(other), post) == "held"
    assert not Device.objects.exclude(confirmed_at=None).exists()


def test_another_account_of_the_same_person_vouches_for_none(author):
    new, again = an_approver(author), an_approver(author)
    desk = at_a_browser(again)
    protect.confirm_device(first_of(again, desk, a_post(author)), by=author)
    again.same_as = new
    again.save()
    post = a_post(author)
    assert approve(at_a_browser(new), post) == "held"
    let_go(desk, post)
    assert Device.objects.get(member=new).confirmed_at is None


def test_a_device_is_known_for_its_member_only(author):
    one, other = an_approver(author), an_approver(author)
    here = at_a_browser(one)
    protect.confirm_device(first_of(one, here, a_post(author)), by=author)
    at_a_browser(other, here)
    assert approve(here, a_post(author)) == "held"


def test_a_cookie_that_we_did_not_write_is_none(author):
    one = an_approver(author)
    here = at_a_browser(one)
    token = named_in(here.cookies[COOKIE].value)
    protect.confirm_device(first_of(one, here, a_post(author)), by=author)
    forged = at_a_browser(one)
    for cookie in (token, dumps(token, salt="another"), "x" * 5000, dumps([token])):
        forged.cookies[COOKIE] = cookie
        assert approve(forged, a_post(author)) == "held"


def test_the_cookie_is_for_members_and_no_script_reads_it(author, client):
    assert COOKIE not in client.get("/newsroom/").cookies
    assert COOKIE not in client.get("/account/login/").cookies
    cookie = at_a_browser(author).cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    again = at_a_browser(author)
    assert COOKIE not in again.get("/protect/device/").cookies
    assert not Device.objects.exists()  # nobody is written down for looking


def show_a_factor(client, member, seconds_ago=1.0, kind="webauthn", method="mfa"):
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": method, "type": kind, "at": time.time() - seconds_ago}
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(member)
    session.save()


def test_a_fresh_second_factor_vouches_and_a_password_or_an_old_one_does_not(author):
    new = an_approver(author)
    Authenticator.objects.create(user=new, type="totp", data={})
    here, post = at_a_browser(new), a_post(author)
    assert approve(here, post) == "held"
    for shown in ({"method": "password"}, {"seconds_ago": 400.0}, {"kind": "recovery_codes"}):
        show_a_factor(here, new, **shown)
        assert "Show my passkey" in here.get("/protect/device/").content.decode()
        assert here.post("/protect/device/").status_code == 409
    show_a_factor(here, new)
    assert here.post("/protect/device/").status_code == 302
    assert let_go(here, post) == "publishing"


def test_its_member_is_told_once_and_the_record_holds_it(author, settings, mailoutbox):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://x"})
    new = an_approver(author)
    approve(at_a_browser(new), a_post(author))
    protect_tasks.tell_of_devices()
    protect_tasks.tell_of_devices()
    assert [letter.to for letter in mailoutbox] == [[new.email]]
    assert "If it was not you" in mailoutbox[0].body
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"use_new_device", "tell_of_device", "brake"} <= verbs


def test_a_drill_a_command_and_a_desk_that_turned_it_off_hold_nothing(author, settings):
    assert state_of(given.an_approved_post(by=author)) == "publishing"
    settings.ENV = settings.ENV.model_copy(update={"first_device": False})
    assert approve(at_a_browser(an_approver(author)), a_post(author)) == "publishing"


def test_nobody_vouches_for_a_device_of_another_agency(author):
    new = an_approver(author)
    device = first_of(new, at_a_browser(new), a_post(author))
    with pytest.raises(NotYours):
        protect.confirm_device(device, by=given.a_member(roles=["approver"]))
