"""A chat hour and a comment: the resident's side on a phone without script, the desk's with a
keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.keyboard import Keyboard

QUESTION = "Why does nobody say when the swing bridge opens?"
ANSWER = "Its times stand on the newsroom the evening before, since Monday."
COMMENT = "You are useless, and the bridge is still shut."


def at(window, path):
    page = window.open(path)
    return page, Keyboard(page)


def resident(visit):
    return visit(size=PHONE, java_script_enabled=False)


def path_of(page):
    return re.sub(r"^https?://[^/]+", "", page.url)


def approve(visit, who, post):
    page, keys = at(visit(who), f"{post}approve")
    keys.press(page.get_by_label(re.compile("I have read")), "Space")
    keys.follow(page.get_by_role("button", name=re.compile("^Approve")).first)


def plan(visit):
    """Dov writes it with a keyboard alone; the address of its page on the desk."""
    page, keys = at(visit("dov"), "/answer/")
    keys.follow(page.get_by_role("link", name="Chats"))
    keys.follow(page.get_by_role("link", name="Plan a chat").first)
    keys.type(page.get_by_label("What it is about, in a line"), "Bridges and closed roads")
    keys.type(page.get_by_label("Who answers"), "Sergeant Hale")
    for label, time in (("Begins", "2027-03-01T18:00"), ("Ends", "2027-03-01T19:00")):
        keys.reach(page.get_by_label(label, exact=True))
        page.get_by_label(label, exact=True).fill(time)
    keys.type(page.get_by_label("The word of its address"), "bridges")
    keys.follow(page.get_by_role("button", name="Ask a second person"))
    expect(page.get_by_role("button", name="Announce it")).to_have_count(0)
    return path_of(page)


def ask(stranger):
    """On a phone, without script; the address of the page whoever asked is given."""
    read, keys = at(stranger, "/newsroom/")
    keys.follow(read.get_by_role("link", name="Bridges and closed roads").first)
    expect(read.get_by_text("Opens at")).to_be_visible()
    keys.type(read.get_by_label("Your question"), QUESTION)
    keys.follow(read.get_by_role("button", name="Send my question"))
    expect(read.get_by_text("We have it. It is shown when it is answered.")).to_be_visible()
    assert stranger.context.cookies() == []
    return path_of(read)


def answer(visit, desk, hour):
    """Dov answers, Ines reads it and says yes, the worker carries it."""
    desk.wish("hear_the_site")
    page, keys = at(visit("dov"), hour)
    expect(page.get_by_text(QUESTION)).to_be_visible()
    keys.follow(page.get_by_role("button", name="Claim and answer"))
    keys.type(page.get_by_label("Your answer"), ANSWER)
    keys.follow(page.get_by_role("button", name="Send for approval"))
    keys.follow(page.get_by_role("link", name="The answer, and who read it"))
    approve(visit, "ines", path_of(page))
    desk.work()
    desk.wish("settle_the_site")


def test_planned_asked_answered_and_closed(visit, desk):
    hour = plan(visit)
    second, keys = at(visit("ines"), hour)
    keys.follow(second.get_by_role("button", name="Announce it"))
    expect(second.get_by_text("Announced. Its page is public.")).to_be_visible()

    stranger = resident(visit)
    mine = ask(stranger)
    answer(visit, desk, hour)
    read, _ = at(stranger, mine)
    expect(read.get_by_text(ANSWER)).to_be_visible()
    read, _ = at(stranger, "/chat/bridges/")
    expect(read.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(read.get_by_text(ANSWER)).to_be_visible()

    desk.wish("let_the_hour_pass")
    page, keys = at(visit("dov"), "/answer/")
    keys.follow(page.get_by_role("link", name="Bridges and closed roads"))
    keys.follow(page.get_by_role("button", name="Close it, and keep the transcript"))
    read, _ = at(stranger, "/chat/bridges/")
    expect(read.get_by_text("Transcript of")).to_be_visible()
    expect(read.get_by_text(ANSWER)).to_be_visible()
    assert desk.wish("record_is_whole")


def test_an_open_page_follows_by_itself_and_leaves_whoever_types_alone(visit, desk):
    desk.wish("hold_a_chat")
    page = visit(size=DESKTOP).open("/chat/bridges/")
    expect(page.locator("#follows")).to_have_text("This page follows by itself.")
    page.get_by_label("Your question").fill("Half a ques")
    desk.wish("answer_another")
    expect(page.get_by_text("Yes, all night.")).to_be_visible(timeout=15_000)
    expect(page.locator("#follows")).to_have_text("There is a new answer.")
    expect(page.get_by_label("Your question")).to_have_value("Half a ques")


def test_a_comment_is_looked_at_shown_answered_and_deleted_by_its_author(visit, desk):
    desk.wish("open_comments")
    page, keys = at(visit("jonas"), "/answer/comments/")
    keys.reach(page.get_by_role("radio", name="Shown at once"))
    page.keyboard.press("ArrowDown")
    keys.follow(page.get_by_role("button", name="Keep this"))

    stranger = resident(visit)
    here = desk.wish("first_page")
    read, typing = at(stranger, here)
    expect(read.get_by_text("One of us looks first, then it is shown.")).to_be_visible()
    typing.type(read.get_by_label("Your comment"), COMMENT)
    typing.type(read.get_by_label("A name, if you like"), "Kit")
    typing.follow(read.get_by_role("button", name="Send my comment"))
    expect(read.get_by_text("One of us looks at it, then it is shown.")).to_be_visible()
    assert stranger.context.cookies() == []
    mine = path_of(read)

    desk.wish("hear_the_site")
    page, keys = at(visit("dov"), "/answer/?view=unclaimed")
    keys.follow(page.get_by_role("link", name="Kit"))
    keys.follow(page.get_by_role("button", name="Show it"))
    read, _ = at(stranger, here)
    expect(read.get_by_text(COMMENT)).to_be_visible()

    read, typing = at(stranger, mine)
    typing.follow(read.get_by_role("button", name="Delete my words"))
    expect(read.get_by_text("Your words are deleted here.")).to_be_visible()
    read, _ = at(stranger, here)
    expect(read.get_by_text(COMMENT)).to_have_count(0)
    desk.wish("hear_the_site")
    page, _ = at(visit("dov"), "/answer/?view=all")
    expect(page.get_by_text(COMMENT)).to_have_count(0)
    assert desk.wish("record_is_whole")
