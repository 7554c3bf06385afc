"""Whatever changes how somebody gets in stands in the record; the secret itself never does."""

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from tests import given

from commonground.record.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD, ANOTHER = "a bridge over quiet water", "a lamp above the harbour wall"


@pytest.fixture
def member(client):
    member = given.a_member()
    member.set_password(PASSWORD)
    member.save()
    client.post("/account/login/", {"login": member.email, "password": PASSWORD})
    return member


def told_of(member):
    return [(e.verb, e.detail) for e in Entry.objects.about(member).order_by("number")]


def code_now(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_new_password_is_told_and_not_what_it_is(client, member):
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER},
    )

    member.refresh_from_db()
    assert member.check_password(ANOTHER)
    assert told_of(member) == [("enter", {"how": "password"}), ("choose_password", {})]


@time_machine.travel("2026-03-04T15:00:10Z", tick=False)  # a code is good for half a minute
def test_one_time_codes_are_told_when_they_come_and_when_they_go(client, member):
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    client.post("/account/2fa/totp/deactivate/")

    ways = [(verb, detail) for verb, detail in told_of(member) if verb.endswith("way_in")]
    verbs = [(verb, detail["kind"]) for verb, detail in ways]
    assert verbs[:2] == [("add_way_in", "totp"), ("add_way_in", "recovery_codes")]
    assert sorted(verbs[2:]) == [("remove_way_in", "recovery_codes"), ("remove_way_in", "totp")]
    assert secret not in str(told_of(member))
