"""Passwords: what is refused, and that what is typed is what counts."""

import os

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given as any_of, strategies as st
from tests import given

from commonground.agency.signin import first_sign_in
from commonground.agency.signin.passwords import hashed, stands_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    cache.clear()  # wrong passwords of other tests are counted there
    agency = given.an_agency(name="Port Sable Constabulary")
    return given.a_member(agency=agency, name="Jonas Petrie", email="j.petrie@sable.example")


@pytest.mark.parametrize(
    "password",
    [
        "Constabulary2026", "PORT-SABLE-Constabulary!", "jonas.petrie.123", "petrie@sable.example1",
        "Commonground1234", "Police-Police-Police", "my password 2026",
    ],
)  # fmt: skip
def test_names_that_anybody_knows_are_no_password(member, password):
    with pytest.raises(ValidationError) as told:
        validate_password(password, member)
    assert "own_words" in [error.code for error in told.value.error_list]


@pytest.mark.parametrize(
    "password", ["harbour lights 2026", "constabulary of nine old lighthouses", "Ωμέγα ξύλο νερό"]
)
def test_other_words_are(member, password):
    validate_password(password, member)


@pytest.fixture
def stolen(tmp_path, settings):
    """A list as Have I Been Pwned gives it out: sorted, with how often each was seen."""
    file = tmp_path / "stolen.txt"
    known = sorted(hashed(word) for word in ["harbour lights 2026", *map(str, range(2000))])
    file.write_bytes(b"".join(one + b":12\r\n" for one in known))
    named = {"NAME": "commonground.agency.signin.passwords.NotLeaked", "OPTIONS": {"file": file}}
    settings.AUTH_PASSWORD_VALIDATORS = [*settings.AUTH_PASSWORD_VALIDATORS, named]
    return file


def test_one_that_was_stolen_elsewhere_is_no_password(member, stolen):
    browser = Client()
    at = browser.get(first_sign_in(member), follow=True).redirect_chain[-1][0]
    for password, taken in [("harbour lights 2026", False), ("harbour lights 2027", True)]:
        said = browser.post(at, {"password1": password, "password2": password}, follow=True)
        member.refresh_from_db()
        assert member.has_usable_password() is taken
        assert ("stolen elsewhere" in said.content.decode()) is not taken


def test_where_the_list_is_gone_nobody_is_told_that_all_is_well(member, stolen):
    stolen.unlink()
    with pytest.raises(ValidationError, match="Tell whoever runs this server"):
        validate_password("harbour lights 2027", member)


@any_of(st.sets(st.binary(min_size=2, max_size=2)), st.binary(min_size=2, max_size=2))
def test_a_line_of_a_sorted_list_is_found_wherever_it_stands(tmp_path_factory, held, other):
    file = tmp_path_factory.getbasetemp() / f"sorted-{os.getpid()}"
    for ends in (b"\n", b":3\r\n", b":123456789\n"):
        file.write_bytes(b"".join(one.hex().encode() + ends for one in sorted(held)))
        for one in {*held, other}:
            assert stands_in(file, one.hex().upper().encode()) is (one in held)


@pytest.mark.parametrize(
    "password", ["  nine old lighthouses  ", "a" * 60 + " nine old lighthouses 北京 " + "z" * 120]
)
def test_what_was_typed_is_what_counts_to_the_last_sign(member, password):
    """Spaces at the ends, two hundred signs, letters of any script: nothing is cut or trimmed."""
    browser = Client()
    page = browser.get(first_sign_in(member), follow=True)
    at = page.redirect_chain[-1][0]
    browser.post(at, {"password1": password, "password2": password})
    member.refresh_from_db()
    assert member.check_password(password)
    for other in (password.strip(), password[:64], password[:-1], password.lower() + "x"):
        if other != password:
            assert not member.check_password(other)
            assert not signed_in(member, other)
    assert signed_in(member, password)


def signed_in(member, password):
    answer = Client(REMOTE_ADDR="198.51.100.7").post(
        reverse("account_login"), {"login": member.email, "password": password}
    )
    return answer.status_code == 302
