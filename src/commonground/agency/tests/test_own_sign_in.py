"""Where a member is signed in, and how somebody who lost every way in gets another."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.agency import actions
from commonground.agency.models import Recovery
from commonground.agency.tests.test_asking import a_passkey, known, sign_in
from commonground.agency.tests.test_signin import PASSWORD
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db
A_DAY = timedelta(hours=24, minutes=1)


def browser(agent=""):
    return Client(headers={"User-Agent": agent})


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_a_member_sees_where_they_are_signed_in_and_ends_one(client):
    member = known()
    phone, office = browser(), browser(FIREFOX)
    for where in (phone, office, client):
        sign_in(where, member)
    page = client.get("/agency/me/").content.decode()
    assert "Firefox, Windows" in page
    assert page.count("Sign it out") == 2
    lost = member.signed_in.get(device="Firefox, Windows")
    client.post(f"/agency/me/browsers/{lost.pk}/end/")
    assert [c.get("/say/").status_code for c in (phone, office, client)] == [200, 302, 200]
    assert Entry.objects.latest("number").verb == "end_sign_in"


def test_all_others_end_at_once_and_this_one_stays(client):
    member = known()
    others = [sign_in(browser(), member) for _ in range(3)]
    sign_in(client, member)
    client.post("/agency/me/browsers/end/")
    assert [c.get("/say/").status_code for c in (*others, client)] == [302, 302, 302, 200]
    assert Entry.objects.latest("number").detail == {"many": 3}


def test_nobody_ends_another_members(client):
    theirs, me = known(), known()
    there = sign_in(browser(), theirs)
    sign_in(client, me)
    assert client.post(f"/agency/me/browsers/{theirs.signed_in.get().pk}/end/").status_code == 404
    assert there.get("/say/").status_code == 200
    with pytest.raises(NotYours):
        actions.end_sign_ins(theirs, sessions=[theirs.signed_in.get().session], by=me)


def test_a_browser_that_signed_out_is_not_on_the_list(client):
    member = known()
    gone = sign_in(browser(), member)
    sign_in(client, member)
    gone.post("/account/logout/")
    assert "Sign it out" not in client.get("/agency/me/").content.decode()


@pytest.fixture
def desk():
    first = given.a_member(roles=["admin"], name="First Admin")
    second = given.a_member(roles=["admin"], agency=first.agency, name="Second Admin")
    member = known(agency=first.agency, roles=["approver"], name="Officer Lost")
    sign_in(Client(), member)
    a_passkey(member)
    return first, second, member


def test_two_administrators_and_a_day_make_a_new_way_in(client, desk):
    first, second, member = desk
    signed_in = sign_in(browser(), member)
    made = actions.ask_to_recover(member, reason="Phone in the harbour", by=first)
    with pytest.raises(NotYours, match="second administrator"):
        actions.agree_to_recover(made, by=first)
    with pytest.raises(Refused, match="second administrator has not agreed"):
        actions.recover(made, by=second)
    made = actions.agree_to_recover(made, by=second)
    with pytest.raises(Refused, match="A day must pass"):
        actions.recover(made, by=first)
    with time_machine.travel(timezone.now() + A_DAY):
        client.force_login(first)
        page = client.post(f"/agency/recoveries/{made.pk}/open/").content.decode()
        assert "/account/password/reset/key/" in page
    member.refresh_from_db()
    assert not member.has_usable_password()
    assert not Authenticator.objects.filter(user=member).exists()
    assert signed_in.get("/say/").status_code == 302
    assert member.roles == {"approver"}
    verbs = [e.verb for e in Entry.objects.about(member).order_by("number")]
    assert [v for v in verbs if "recover" in v] == ["ask_to_recover", "agree_to_recover", "recover"]


def test_the_member_can_call_it_off_while_it_waits(client, desk):
    first, second, member = desk
    client.force_login(member)
    made = actions.agree_to_recover(
        actions.ask_to_recover(member, reason="Says a voice on the telephone", by=first), by=second
    )
    page = client.get("/agency/me/").content.decode()
    assert "Says a voice on the telephone" in page
    client.post("/agency/me/recovery/off/")
    made.refresh_from_db()
    assert made.called_off
    with time_machine.travel(timezone.now() + A_DAY), pytest.raises(Refused):
        actions.recover(made, by=first)
    with pytest.raises(MovedOn):
        actions.call_off_recovery(made, by=member)
    assert Authenticator.objects.filter(user=member).exists()


@pytest.mark.parametrize("who", ["author", "stranger", "themselves", "their other account"])
def test_nobody_else_can_ask_or_agree(desk, who):
    first, _second, member = desk
    made = actions.ask_to_recover(member, reason="x", by=first)
    other = {
        "author": lambda: given.a_member(agency=first.agency),
        "stranger": lambda: given.a_member(roles=["admin"]),
        "themselves": lambda: member,
        "their other account": lambda: given.a_member(
            agency=first.agency, roles=["admin"], same_as=member
        ),
    }[who]()
    with pytest.raises(NotYours):
        actions.agree_to_recover(made, by=other)
    actions.call_off_recovery(made, by=first)
    with pytest.raises(NotYours):
        actions.ask_to_recover(member, reason="x", by=other)


def test_an_administrator_with_two_accounts_is_one(desk):
    first, _second, member = desk
    twin = given.a_member(roles=["admin"], agency=first.agency, same_as=first)
    made = actions.ask_to_recover(member, reason="x", by=first)
    with pytest.raises(NotYours):
        actions.agree_to_recover(made, by=twin)


def test_one_who_agreed_and_lost_the_right_since_does_not_count(desk):
    first, second, member = desk
    third = given.a_member(roles=["admin"], agency=first.agency)
    made = actions.agree_to_recover(actions.ask_to_recover(member, reason="x", by=first), by=second)
    actions.set_roles(second, roles=["author"], by=third)
    with time_machine.travel(timezone.now() + A_DAY), pytest.raises(Refused, match="Ask anew"):
        actions.recover(Recovery.objects.get(pk=made.pk), by=first)


def test_one_administrator_alone_cannot_make_a_link_for_who_has_been_in(client, desk):
    first, _second, member = desk
    client.force_login(first)
    page = client.post(f"/agency/members/{member.pk}/link/").content.decode()
    assert "two administrators help" in page
    assert "/account/password/reset/key/" not in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_all_are_told_by_mail_at_each_step(settings, desk):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost"})
    first, second, member = desk
    everybody = {first.email, second.email, member.email}
    made = actions.ask_to_recover(member, reason="Phone in the harbour", by=first)
    assert {m.to[0] for m in mail.outbox} == everybody
    theirs = next(m for m in mail.outbox if m.to == [member.email])
    assert "call it off" in theirs.body
    mail.outbox.clear()
    actions.agree_to_recover(made, by=second)
    assert {m.to[0] for m in mail.outbox} == everybody


def test_whoever_proves_themselves_again_gets_a_new_cookie_and_stays_one_browser(client):
    """A cookie that was taken before is worth nothing afterwards."""
    member = known()
    sign_in(client, member)
    name, row = settings.SESSION_COOKIE_NAME, member.signed_in.get()
    thief = browser()
    thief.cookies[name] = client.cookies[name].value
    assert thief.get("/say/").status_code == 200
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.cookies[name].value != thief.cookies[name].value
    assert [c.get("/say/").status_code for c in (thief, client)] == [302, 200]
    assert member.signed_in.get().pk == row.pk
