"""The coach holds a post back; a second person lets exactly these words pass, in writing."""

import re

from playwright.sync_api import expect

from tests.journeys.test_main_job import author_opens_a_draft, sign_in, supervisor_approves

STOPPED = "We arrested the killer of Mast Road this morning.\n\n"
REASON = "The jury convicted him this morning; the verdict is public."


def held(window):
    """Dov writes it, sees the stop, and cannot send it on. Gives the page of the post."""
    page, keys = author_opens_a_draft(window)
    keys.type(page.get_by_label("Headline"), "Mast Road: a verdict")
    keys.write_above(page.get_by_label("What we say"), STOPPED)
    expect(page.locator("#coach mark").first).to_contain_text("arrested the killer")
    address = re.sub(r"write/?$", "", page.url)
    keys.follow(page.get_by_role("button", name="Send for approval"))
    expect(page.get_by_role("alert")).to_contain_text("arrested the killer")
    return page, keys, address


def override(window, address):
    page, keys = sign_in(window, "ines.calloway")
    page.goto(address)
    keys.type(page.get_by_label("Why it must be said all the same"), REASON)
    keys.follow(page.get_by_role("button", name="Override with this reason"))
    window.settle()
    expect(page.locator("#coach")).to_contain_text(REASON)


def test_a_stop_holds_a_post_until_a_second_person_overrides_it_with_a_keyboard_alone(visit, desk):
    author, keys, address = held(visit())
    override(visit(), address)
    author.goto(address + "write")
    keys.follow(author.get_by_role("button", name="Send for approval"))
    expect(author.get_by_role("heading", level=1)).to_have_text("Mast Road: a verdict")
    page, _ = supervisor_approves(visit(), says=STOPPED.strip())
    desk.work()
    expect(page.get_by_text("seen in public").first).to_be_visible()
    assert desk.wish("record_is_whole")
