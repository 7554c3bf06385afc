"""A crash with people hurt: police and fire service at one desk, each in its own name."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import Keyboard
from tests.journeys.scene import PASSWORD
from tests.journeys.sharing import FIRE, WHY

FACT = "5 people hurt, all brought to the hospital"


def at(window, path):
    page = window.open(path)
    return page, Keyboard(page)


def come_in(window):
    """The fire service's officer, on a phone."""
    page, keys = at(window, "/account/login/")
    keys.type(page.get_by_label(re.compile("e-?mail", re.I)), FIRE)
    keys.type(page.get_by_label("Password"), PASSWORD)
    keys.follow(page.get_by_role("button", name="Sign in with your password"))
    window.settle()
    return page, keys


def ask_the_fire_service(visit, crash):
    police, keys = at(visit("ines"), crash)
    keys.follow(police.get_by_role("link", name="Share with another agency"))
    keys.follow(police.get_by_role("link", name="Ask another agency"))
    keys.press(police.get_by_role("radio", name="Port Sable Fire Service"), "Space")
    keys.type(police.get_by_label("Why you ask them"), WHY)
    keys.follow(police.get_by_role("button", name="Ask them"))
    expect(police.get_by_text("Nothing is shared before they say yes")).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", police.url)


def say_yes_and_tell(window):
    fire, keys = at(window, "/")
    keys.follow(fire.get_by_role("link", name="Read and answer"))
    expect(fire.get_by_text(WHY)).to_be_visible()
    keys.follow(fire.get_by_role("button", name="Yes, share it"))
    window.settle()
    expect(fire.get_by_role("heading", level=1)).to_contain_text("Joint desk")
    keys.press(fire.get_by_text("Tell the others a fact"))
    keys.type(fire.get_by_label("What you know"), FACT)
    keys.follow(fire.get_by_role("button", name="Tell all, as Port Sable Fire Service"))


def is_closed_to(window, path):
    window.open(path)
    assert window.status == 404


def test_two_agencies_at_one_incident_with_a_keyboard_alone(visit, desk):
    shared = ask_the_fire_service(visit, desk.wish("a_fire_service"))
    phone = visit(size=PHONE)
    come_in(phone)
    is_closed_to(phone, shared)  # asked is not yet at the desk
    say_yes_and_tell(phone)

    police, _ = at(visit("dov"), shared)
    expect(police.get_by_text(FACT).first).to_be_visible()
    desk.wish("say_three")  # a post of the police, in review, with another number
    for window in (visit("dov"), phone):
        page, _ = at(window, shared)
        expect(page.get_by_text("Two numbers for the same thing: people hurt")).to_be_visible()

    fire, keys = at(phone, shared)
    expect(fire.get_by_text("Crash at Mast Road", exact=True)).to_be_visible()
    expect(fire.get_by_role("link", name="Crash at Mast Road")).to_have_count(0)
    keys.follow(fire.get_by_role("button", name="Leave this desk"))
    expect(fire.get_by_text("Neither of you sees anything of the other")).to_be_visible()
    is_closed_to(phone, shared)
    police, _ = at(visit("ines"), shared)
    expect(police.get_by_role("heading", level=1)).to_have_text("Nobody shares this moment yet")
