"""A member adds a passkey, and from then on needs no password."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.scene import PASSWORD
from tests.journeys.test_main_job import sign_in

BUILT_IN = {  # such as a phone's own: knows its owner, and keeps the key
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def with_a_key():
    def given(window):
        line = window.context.new_cdp_session(window.page)
        line.send("WebAuthn.enable")
        line.send("WebAuthn.addVirtualAuthenticator", {"options": BUILT_IN})

    return given


def test_a_member_adds_a_passkey_and_signs_in_with_it(visit, desk, with_a_key):
    window = visit()
    with_a_key(window)
    page, keys = sign_in(window, "dov.harrow")
    keys.follow(page.get_by_role("link", name="My sign-in"))
    window.open("/account/2fa/webauthn/add/")
    keys.type(page.get_by_label("Password"), PASSWORD)
    keys.follow(page.get_by_role("button", name="Confirm"))
    keys.type(page.get_by_label("Name"), "My phone")
    keys.press(page.get_by_label(re.compile("passwordless", re.I)), "Space")
    keys.follow(page.get_by_role("button", name="Add"))
    expect(page.get_by_role("main")).to_contain_text("codes")
    window.open("/account/2fa/webauthn/")
    expect(page.get_by_role("main")).to_contain_text("My phone")
    keys.follow(page.get_by_role("button", name="Sign out"))
    keys.follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Now")
    expect(page.get_by_text("Dov Harrow", exact=True)).to_be_visible()
