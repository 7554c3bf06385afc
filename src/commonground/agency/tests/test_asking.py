"""Who must have a second proof, and by when; and before what a fresh one is asked for."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as ours
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests import given

from commonground.agency import actions
from commonground.agency.models import Member
from commonground.agency.signin.proofs import missing
from commonground.agency.tests.test_signin import PASSWORD, code_now
from commonground.kit.sheets import sheets
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LATER = timedelta(days=15)


def a_passkey(member):
    return Authenticator.objects.create(user=member, type="webauthn", data={"name": "My phone"})


def known(**but):
    member = given.a_member(**but)
    member.set_password(PASSWORD)
    member.save()
    return member


def sign_in(client, member, *, code=True):
    client.post("/account/login/", {"login": member.email, "password": PASSWORD})
    if code and Authenticator.objects.filter(user=member, type="totp").exists():
        client.post("/account/2fa/authenticate/", {"code": code_now(SECRET)})
    return client


@pytest.mark.parametrize(("roles", "has", "lacks"), [
    (["author"], "", "second"), (["author"], "totp", ""), (["author"], "webauthn", ""),
    (["approver"], "", "passkey"), (["approver"], "totp", "passkey"),
    (["approver"], "webauthn", ""),
    (["admin", "author"], "totp", "passkey"), (["auditor"], "recovery_codes", "second"),
])  # fmt: skip
def test_each_role_asks_for_its_proof(roles, has, lacks):
    member = given.a_member(roles=roles)
    if has:
        Authenticator.objects.create(user=member, type=has, data={})
    found = missing(member)
    assert (("passkey" if found.passkey else "second") if found else "") == lacks
    assert not found or not found.overdue
    with time_machine.travel(timezone.now() + LATER):
        found = missing(member)
        assert not found or found.overdue


def test_after_the_days_the_agency_gave_the_desk_opens_with_the_proof_alone(client):
    member = known(roles=["approver"])
    client.force_login(member)
    assert client.get("/say/").status_code == 200
    with time_machine.travel(timezone.now() + LATER):
        client.force_login(member)
        for answer in (client.get("/say/"), client.post("/say/new", {})):
            assert (answer.status_code, answer["Location"]) == (302, "/agency/me/")
        page = client.get("/agency/me/").content.decode()
        assert "Add a passkey" in page
        assert "The time for it is over" in page
        for open_still in ("/account/2fa/", "/help/", "/newsroom/", "/account/logout/"):
            assert client.get(open_still).status_code in (200, 302), open_still
        a_passkey(member)
        assert client.get("/say/").status_code == 200


def test_who_becomes_an_approver_later_has_the_days_from_then_on(client):
    admin = given.a_member(roles=["admin"])
    member = given.a_member(agency=admin.agency, roles=["author"])
    Authenticator.objects.create(user=member, type="totp", data={})
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        actions.set_roles(member, roles=["author", "approver"], by=admin)
        lacks = missing(Member.objects.get(pk=member.pk))
        assert lacks.passkey
        assert not lacks.overdue


def test_the_agency_says_how_many_days(client):
    admin = given.a_member(roles=["admin"])
    client.force_login(admin)
    assert client.post("/agency/proofs/days/", {"days": "61"}, follow=True).status_code == 200
    admin.agency.refresh_from_db()
    assert admin.agency.days_for_factors == 14
    client.post("/agency/proofs/days/", {"days": "0"})
    assert client.get("/say/")["Location"] == "/agency/me/"
    assert Entry.objects.get(verb="set_days_for_factors").detail == {"before": 14, "after": 0}
    member = given.a_member(agency=admin.agency)
    client.force_login(member)
    assert client.post("/agency/proofs/days/", {"days": "60"}).status_code in (302, 403)
    admin.agency.refresh_from_db()
    assert admin.agency.days_for_factors == 0


def test_every_act_on_the_list_is_an_address(client):
    names = {
        f"{space.namespace}:{entry.name}"
        for space in get_resolver().url_patterns if getattr(space, "namespace", None)
        for entry in space.url_patterns
    }  # fmt: skip
    assert names >= ours.ASK_AGAIN


def in_six_minutes():
    return time_machine.travel(timezone.now() + timedelta(minutes=6))


def test_an_old_sign_in_is_asked_before_it_changes_a_role_and_loses_nothing_typed(client):
    admin = known(roles=["admin"])
    TOTP.activate(admin, SECRET)
    member = given.a_member(agency=admin.agency)
    sign_in(client, admin)
    address = f"/agency/members/{member.pk}/"
    with in_six_minutes():
        answer = client.post(address, {"roles": ["approver", "trainer"]})
        assert answer["Location"] == "/account/2fa/reauthenticate/?next=%2Fagency%2Fme%2Fact%2F"
        assert Member.objects.get(pk=member.pk).roles == {"author"}

        wrong = client.post(answer["Location"], {"code": "000000", "next": "/agency/me/act/"})
        assert wrong.status_code == 200
        assert client.get("/agency/me/act/")["Location"] == "/"
        client.post(address, {"roles": ["approver", "trainer"]})
        proved = {"code": code_now(SECRET), "next": "/agency/me/act/"}
        page = client.post(answer["Location"], proved, follow=True).content.decode()
        assert f'action="{address}"' in page
        for role in ("approver", "trainer"):
            assert f'<input type="hidden" name="roles" value="{role}">' in page
        client.post(address, {"roles": ["approver", "trainer"]})
        assert Member.objects.get(pk=member.pk).roles == {"approver", "trainer"}
        verbs = list(Entry.objects.of(admin.agency_id).values_list("verb", flat=True))
        assert {"prove_again", "fail_to_enter", "set_roles"} <= set(verbs)
        # What was kept is shown once.
        assert client.get("/agency/me/act/")["Location"] == "/"


def test_an_old_sign_in_is_asked_before_what_stands_on_every_page_and_before_many_accounts(client):
    """As much as one account at a time: a sheet must be no way round it."""
    admin = known(roles=["admin"])
    sign_in(client, admin)
    sheet = actions.bring_sheet(
        sheets()["accounts"], "ours.csv", b"Name,Network\nOurs,mastodon\n", by=admin
    )
    said = {"emergency_number": "555", "languages": "en", "time_zone": "UTC"}
    with in_six_minutes():
        for address, data in [
            (reverse("agency:about"), said),
            (reverse("agency:take_sheet", args=[sheet.pk]), {"new": 1}),
        ]:
            asked = client.post(address, data)
            assert asked["Location"].startswith("/account/reauthenticate/?next="), address
    admin.agency.refresh_from_db()
    assert admin.agency.emergency_number != "555"
    assert not admin.agency.channels.exists()


def test_a_fresh_sign_in_is_not_asked_and_an_htmx_press_is_led_away(client):
    admin = known(roles=["admin"])
    sign_in(client, admin)
    member = given.a_member(agency=admin.agency)
    assert client.post(f"/agency/members/{member.pk}/", {"roles": ["trainer"]}).status_code == 302
    assert Member.objects.get(pk=member.pk).roles == {"trainer"}
    with in_six_minutes():
        asked = client.post(
            f"/agency/members/{member.pk}/", {"roles": []}, headers={"HX-Request": "true"}
        )
        assert asked.status_code == 204
        assert asked["HX-Redirect"].startswith("/account/reauthenticate/?next=")


def test_no_weaker_proof_stands_in_for_a_passkey(client):
    """Stolen codes, or a password, of somebody who has a passkey."""
    admin = known(roles=["admin"])
    TOTP.activate(admin, SECRET)
    a_passkey(admin)
    member = given.a_member(agency=admin.agency)
    sign_in(client, admin)
    asked = client.post(f"/agency/members/{member.pk}/", {"roles": ["trainer"]})
    assert asked["Location"].startswith("/account/2fa/webauthn/reauthenticate/")
    assert client.post("/account/reauthenticate/", {"password": PASSWORD})["Location"].startswith(
        "/account/2fa/webauthn/reauthenticate/"
    )
    client.post("/account/2fa/reauthenticate/", {"code": code_now(SECRET)})
    client.post(f"/agency/members/{member.pk}/", {"roles": ["trainer"]})
    assert Member.objects.get(pk=member.pk).roles == {"author"}


def test_nothing_is_asked_before_stopping(client):
    member = known(roles=["author"])
    sign_in(client, member)
    with in_six_minutes():
        client.post("/protect/stop/", {"reason": "Somebody else writes in our name", "what": "all"})
    assert "stop" in Entry.objects.of(member.agency_id).values_list("verb", flat=True)


def test_a_stranger_who_types_nonsense_shuts_nobody_out(client):
    member = known()
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(8):
        stranger.post("/account/login/", {"login": member.email, "password": "nonsense"})
    held_up = stranger.post("/account/login/", {"login": member.email, "password": PASSWORD})
    assert held_up.status_code == 200  # too many from there, even with the right one
    home = Client(REMOTE_ADDR="198.51.100.7")
    answer = home.post("/account/login/", {"login": member.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    told = Entry.objects.about(member).filter(verb="fail_to_enter")
    assert told.count() == 1


def test_whoever_asks_for_a_page_of_the_desk_pays_nothing_for_these_rules(
    client,
):
    client.force_login(given.a_member())
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/say/").status_code == 200
    assert not [q for q in asked if "mfa_authenticator" in q["sql"]]


def test_signing_in_and_out_is_told(client):
    member = known()
    sign_in(client, member)
    client.post("/account/logout/")
    told = [(e.verb, e.detail) for e in Entry.objects.about(member).order_by("number")]
    assert told == [("enter", {"how": "password"}), ("go", {})]
    assert reverse("agency:ways_in") == "/agency/me/"
