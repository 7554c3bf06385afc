"""Signing in at another house: its word is believed when it is its own, for us, and this once."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.agency import actions
from commonground.agency.models import OutsideAccount
from commonground.agency.tests.other_house import CLIENT, SECRET, OtherHouse
from commonground.agency.tests.test_asking import SECRET as CODES, known, sign_in
from commonground.agency.tests.test_signin import code_now
from commonground.kit.refusals import Refused
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db
BACK = "/agency/elsewhere/back/"


@pytest.fixture(scope="module")
def the_house():
    house = OtherHouse()
    yield house
    house.close()


@pytest.fixture
def house(the_house, settings):
    the_house.claims, the_house.sign, the_house.calls_itself = {}, {}, ""
    settings.ENV = settings.ENV.model_copy(
        update={
            "oidc_issuer": the_house.issuer, "oidc_client": CLIENT, "oidc_secret": SECRET,
            "oidc_name": "City sign-in",
        }
    )  # fmt: skip
    return the_house


@pytest.fixture
def member(house):
    """Somebody whose account over there was connected."""
    member = given.a_member(roles=["author"])
    actions.connect(member, issuer=house.issuer, subject="ana")
    return member


def go(client):
    answer = client.get("/agency/elsewhere/")
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def is_in(client):
    return client.get("/say/").status_code == 200


def test_who_connected_their_account_comes_in_by_it(client, house, member):
    assert "City sign-in" in client.get("/account/login/").content.decode()
    answer = client.get(BACK, house.let_in(go(client)))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    told = Entry.objects.about(member).latest("number")
    assert (told.verb, told.detail) == ("enter", {"how": "elsewhere"})
    assert "ana" not in OutsideAccount.objects.get().mark


def test_the_second_proof_is_asked_for_all_the_same(client, house, member):
    TOTP.activate(member, CODES)
    answer = client.get(BACK, house.let_in(go(client)))
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert not is_in(client)
    client.post("/account/2fa/authenticate/", {"code": code_now(CODES)})
    assert is_in(client)


def test_another_houses_word_alone_is_no_fresh_proof(client, house, member):
    actions.set_roles(
        member, roles=["admin"], by=given.a_member(roles=["admin"], agency=member.agency)
    )
    client.get(BACK, house.let_in(go(client)))
    other = given.a_member(agency=member.agency)
    answer = client.post(f"/agency/members/{other.pk}/", {"roles": ["approver"]})
    assert answer["Location"].startswith("/agency/me/")
    assert other.role_rows.get().role == "author"


FORGED = {
    "another issuer": {"iss": "https://login.evil.example"},
    "no nonce": {"nonce": None},
    "the nonce of another sign-in": {"nonce": "x" * 43},
    "meant for another program": {"aud": "another desk"},
    "meant for another program too": {"aud": [CLIENT, "another desk"], "azp": "another desk"},
    "over": {"exp": int(time.time()) - 3600},
    "from the future": {"iat": int(time.time()) + 3600},
    "for nobody": {"sub": None},
}


@pytest.mark.parametrize("claims", FORGED.values(), ids=FORGED)
def test_a_word_that_is_not_for_this_sign_in_is_not_believed(client, house, member, claims):
    house.claims = claims
    answer = client.get(BACK, house.let_in(go(client)))
    assert answer.status_code == 403
    assert "City sign-in could not sign you in" in answer.content.decode()
    assert not is_in(client)


SIGNED = {
    "by another key": {"key": rsa.generate_private_key(public_exponent=65537, key_size=2048)},
    "by nobody": {"key": None, "algorithm": "none"},
    "with the secret we share": {"key": SECRET + " " * 20, "algorithm": "HS256"},
    "by a key it does not show": {"headers": {"kid": "2"}},
}


@pytest.mark.parametrize("sign", SIGNED.values(), ids=SIGNED)
def test_a_word_that_the_house_did_not_sign_is_not_believed(client, house, member, sign):
    house.sign = sign
    assert client.get(BACK, house.let_in(go(client))).status_code == 403
    assert not is_in(client)


def test_an_address_of_e_mail_lets_in_nobody(client, house):
    """Who can write the administrator's address into an account over there stays outside."""
    admin = given.a_member(roles=["admin"])
    house.claims = {"email": admin.email, "email_verified": True}
    answer = client.get(BACK, house.let_in(go(client), sub="mallory"))
    assert answer.status_code == 403
    assert "nobody here is known by it" in answer.content.decode()
    assert not OutsideAccount.objects.exists()


def test_an_answer_of_another_browser_or_with_another_state_is_not_believed(client, house, member):
    """Else somebody could sign another person into an account of their own."""
    stranger = Client()
    theirs = house.let_in(go(stranger))
    assert client.get(BACK, theirs).status_code == 403
    address = go(client)
    assert client.get(BACK, theirs).status_code == 403
    ours = house.let_in(address)
    assert client.get(BACK, {**ours, "state": theirs["state"]}).status_code == 403
    assert client.get(BACK, ours).status_code == 403  # one try, and it was used up
    assert not is_in(client)


@pytest.mark.parametrize("state", ["ü", "\u0000", "\U0001f600" * 500, ""])
def test_a_state_of_odd_letters_is_another_state_and_no_mistake_of_ours(
    client, house, member, state
):
    ours = house.let_in(go(client))
    assert client.get(BACK, {**ours, "state": state}).status_code == 403
    assert not is_in(client)


def test_a_code_is_good_for_once(client, house, member):
    ours = house.let_in(go(client))
    client.get(BACK, ours)
    assert is_in(client)
    thief = Client()
    fresh = house.let_in(go(thief), sub="nobody")
    assert thief.get(BACK, {**ours, "state": fresh["state"]}).status_code == 403
    assert client.get(BACK, ours).status_code == 403


def test_a_sign_in_begun_long_ago_is_over(client, house, member):
    ours = house.let_in(go(client))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get(BACK, ours).status_code == 403


def test_whoever_signed_in_over_there_before_a_shift_began_must_do_so_again(
    client, house, member, settings
):
    """An open window at the city's own sign-in, of last week, opens nothing here."""
    assert f"max_age={settings.SESSION_COOKIE_AGE}" in go(client)
    now, shift = int(time.time()), settings.SESSION_COOKIE_AGE
    for when in (now - shift - 120, now + 3600, "just now", True):
        house.claims = {"auth_time": when}
        assert client.get(BACK, house.let_in(go(client))).status_code == 403
        assert not is_in(client)
    for when in (now - shift + 120, now):
        house.claims, browser = {"auth_time": when}, Client()
        browser.get(BACK, house.let_in(go(browser)))
        assert is_in(browser)


def test_a_session_ends_after_a_shift_and_then_the_other_house_is_asked_again(
    client, house, member
):
    client.get(BACK, house.let_in(go(client)))
    begun = timezone.now()
    with time_machine.travel(begun + timedelta(hours=12, seconds=1), tick=False):
        assert not is_in(client)
        assert "/authorize?" in go(client)


@pytest.mark.parametrize("but", [{"error": "access_denied"}, {"iss": "https://login.evil.example"}])
def test_a_no_or_another_houses_answer_is_said_in_words(client, house, member, but):
    ours = house.let_in(go(client))
    if "error" in but:
        del ours["code"]
    assert client.get(BACK, {**ours, **but}).status_code == 403


def test_a_house_that_calls_itself_otherwise_is_not_asked(client, house, member):
    house.calls_itself = "https://login.evil.example"
    assert client.get("/agency/elsewhere/").status_code == 403


def test_who_is_suspended_is_not_let_in(client, house, member):
    actions.suspend(member, by=given.a_member(roles=["admin"], agency=member.agency))
    assert client.get(BACK, house.let_in(go(client))).status_code == 403


def test_a_member_connects_and_disconnects_their_own(client, house):
    member = known()
    sign_in(client, member)
    there = client.post("/agency/me/elsewhere/")["Location"]
    client.get(BACK, house.let_in(there, sub="bo"))
    assert member.elsewhere.mark
    assert "lets you in here" in client.get("/agency/me/").content.decode()
    other = Client()
    other.get(BACK, house.let_in(go(other), sub="bo"))
    assert is_in(other)
    client.post("/agency/me/elsewhere/end/")
    last = Client()
    assert last.get(BACK, house.let_in(go(last), sub="bo")).status_code == 403
    verbs = list(Entry.objects.about(member).values_list("verb", flat=True))
    assert {"connect", "disconnect"} <= set(verbs)


def test_connecting_asks_for_a_fresh_proof_and_one_account_lets_in_one_member(
    client, house, member
):
    mine = known()
    sign_in(client, mine)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = client.post("/agency/me/elsewhere/")["Location"]
        assert asked.startswith("/account/reauthenticate/")
    with pytest.raises(Refused, match="somebody else"):
        actions.connect(mine, issuer=house.issuer, subject="ana")


def test_without_another_house_there_is_no_such_door(client):
    assert "City sign-in" not in client.get("/account/login/").content.decode()
    assert client.get("/agency/elsewhere/").status_code == 403
    assert client.get(BACK).status_code == 403
