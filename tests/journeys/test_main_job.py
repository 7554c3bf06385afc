"""From a moment to a post the public sees, and back: two people, and no mouse."""

import re
import time
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import Keyboard
from tests.journeys.scene import PASSWORD

TITLE = "Three people did not come home tonight"
WORDS = "Three people died tonight at Mast Road and Tern Avenue. There was no police chase.\n\n"
SHORT = "Three people died at Mast Road and Tern Avenue. More tomorrow at ten."
REASON = "The road name was wrong."
PAUSE = 1  # second in which a page that may save has saved


def sign_in(window, who):
    """With a password, as on a machine that knows no passkey of ours."""
    page = window.open("/account/login/")
    keys = Keyboard(page)
    keys.type(page.get_by_label(re.compile("e-?mail", re.I)), f"{who}@harbour.example")
    keys.type(page.get_by_label("Password"), PASSWORD)
    keys.follow(page.get_by_role("button", name="Sign in with your password"))
    window.settle()
    expect(page.get_by_role("heading", level=1)).to_have_text("Now")
    return page, keys


def open_the_top_moment(window, page, keys):
    top = page.locator("article.hot a.whole").first
    expect(top).to_contain_text("Crash")
    keys.follow(top)
    window.settle()


def write(page, keys):
    """Words around the resources, and shorter ones where there is little room."""
    text = page.get_by_label("What we say")
    assert "555-01" in text.input_value(), "the draft should begin with help that fits"
    keys.type(page.get_by_label("Headline"), TITLE)
    keys.write_above(text, WORDS)
    sky = page.locator(".channel", has_text="Bluesky")
    keys.press(sky.locator("summary"))
    keys.press(sky.get_by_label("Change the words for"), "Space")
    keys.type(sky.get_by_role("textbox", name=re.compile("Words for")), SHORT)


def turns_of(page):
    """The number of each saving that leaves the page, and whether it leads to another page.

    A browser tells of them in an order of its own: a form that is sent may be told before the
    saving that left just ahead of it.
    """
    turns = []

    def note(request):
        if request.method == "POST" and (turn := parse_qs(request.post_data or "").get("turn")):
            turns.append((int(turn[0]), request.is_navigation_request()))

    page.on("request", note)
    return turns


def author_opens_a_draft(window):
    page, keys = sign_in(window, "dov.harrow")
    open_the_top_moment(window, page, keys)
    keys.follow(page.get_by_role("link", name="Draft a post"))
    keys.follow(page.get_by_role("button", name="Start the draft"))
    return page, keys


def author_sends_for_approval(window):
    page, keys = author_opens_a_draft(window)
    turns = turns_of(page)
    write(page, keys)
    keys.follow(page.get_by_role("button", name="Send for approval"))
    numbers = sorted(number for number, _ in turns)
    assert numbers == (list(range(1, len(turns) + 1)) if window.scripted else [0])
    assert max(turns)[1]  # the form itself was numbered last
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    keys.follow(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")


def supervisor_approves(window, says=SHORT):
    page, keys = sign_in(window, "ines.calloway")
    keys.follow(page.get_by_role("link", name="Approve", exact=True))
    row = page.get_by_role("listitem").filter(has_text="Mast Road")
    keys.follow(row.get_by_role("link", name=re.compile("Dov Harrow wants to post")))
    expect(page.get_by_role("article", name=re.compile("Bluesky"))).to_contain_text(says)
    keys.press(page.get_by_role("checkbox", name=re.compile("I have read")), "Space")
    keys.follow(page.get_by_role("button", name="Approve and publish now"))
    return page, keys


def read_in_public(visit):
    """A resident on a phone, without scripts, finds it in the newsroom."""
    window = visit(size=PHONE, java_script_enabled=False)
    page = window.open("/newsroom/")
    Keyboard(page).follow(page.get_by_role("link", name=TITLE))
    expect(page.get_by_role("main")).to_contain_text("There was no police chase.")
    return window


def withdraw(page, keys):
    keys.press(page.get_by_text("Take it back…"))
    keys.type(page.get_by_label("Why, in a few words"), REASON)
    keys.follow(page.get_by_role("button", name="Withdraw it everywhere"))


@pytest.mark.parametrize("scripted", [True, False], ids=["with scripts", "without scripts"])
def test_two_people_say_something_and_take_it_back_with_a_keyboard_alone(visit, desk, scripted):
    author_sends_for_approval(visit(java_script_enabled=scripted))
    window = visit(size=PHONE, java_script_enabled=scripted)
    page, keys = supervisor_approves(window)
    desk.work()
    if not scripted:
        page.reload()
    # With scripts nobody has to reload: the page hears of it by itself.
    expect(page.get_by_text("seen in public")).to_have_count(3)
    assert SHORT in desk.wish("seen_by_networks")
    public = read_in_public(visit)
    withdraw(page, keys)
    desk.work()
    public.open(public.page.url)
    assert public.status == 410
    expect(public.page.get_by_role("main")).to_contain_text(REASON)
    assert SHORT not in desk.wish("seen_by_networks")
    assert desk.wish("record_is_whole")


def test_nothing_is_saved_behind_a_form_that_is_on_its_way(visit, desk):
    """A saving that reached the desk ahead of its form would make the form look like old words."""
    page, keys = author_opens_a_draft(visit())
    turns, held = turns_of(page), []

    def slow_desk(route):
        asked = route.request
        if asked.method == "POST" and not asked.is_navigation_request():
            held.append(route)  # while it is away, the page keeps the next saving back
            return
        if asked.method == "POST":
            held.pop(0).continue_()
            time.sleep(2 * PAUSE)
        route.continue_()

    page.route("**/say/**", slow_desk)
    keys.type(page.get_by_label("Headline"), TITLE)
    keys.write_above(page.get_by_label("What we say"), WORDS)
    keys.follow(page.get_by_role("button", name="Send for approval"))
    assert [leads_on for _, leads_on in sorted(turns)] == [False, True]
