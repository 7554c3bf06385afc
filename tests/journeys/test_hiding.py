"""A message is hidden, its author objects, and it comes back; somebody is blocked: four people,
and no mouse."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.hidden import OBJECTION, SMALLER, WHY
from tests.journeys.keyboard import Keyboard

SORRY = "They wanted us to find the house, and nobody lives there now."


def at(window, path):
    page = window.open(path)
    return page, Keyboard(page)


def choose(page, keys, group, nth):
    """The nth of some choices: Tab stops at the first, the arrows go on from there."""
    choices = page.get_by_role("group", name=group).get_by_role("radio")
    keys.press(choices.first, "Space")
    for _ in range(nth):
        page.keyboard.press("ArrowDown")
    expect(choices.nth(nth)).to_be_checked()


def ask(window, conversation, kind, until=""):
    page, keys = at(window, conversation)
    keys.follow(page.get_by_role("link", name="Ask for a measure"))
    expect(page.get_by_text("What stays, however it is said")).to_be_visible()
    choose(page, keys, re.compile("Which rule"), 1)
    keys.type(page.get_by_label("What in it breaks this rule"), WHY)
    choose(page, keys, "What is asked for", kind)
    if until:
        keys.reach(page.get_by_label("Until"))
        page.get_by_label("Until").fill(until)
    keys.type(page.get_by_label("Why something smaller would not do"), SMALLER)
    keys.press(page.get_by_label(re.compile("I would ask for the same")), "Space")
    keys.follow(page.get_by_role("button", name="Ask a second person"))
    expect(page.get_by_text("You cannot agree to what you asked for")).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", page.url)


def agree(window, measure, button):
    page, keys = at(window, "/answer/measures/")
    keys.follow(page.get_by_role("link", name=re.compile("Hide|Block")).first)
    expect(page).to_have_url(re.compile(re.escape(measure)))
    keys.follow(page.get_by_role("button", name=button))
    return page, keys


def test_hidden_objected_to_and_restored_with_a_keyboard_alone(visit, desk):
    conversation = desk.wish("have_a_policy")
    measure = ask(visit("dov"), conversation, 0)
    page, keys = agree(visit("amara"), measure, "Yes: hide this message")
    keys.follow(page.get_by_role("button", name="I did it there, and looked"))
    expect(page.get_by_text("Seen in force at the network.")).to_be_visible()

    told = desk.wish("moderate")  # the worker writes to whoever it was
    (words,) = told["told"]
    assert WHY not in words
    stranger = visit(size=PHONE, java_script_enabled=False)
    page, keys = at(stranger, re.search(r"/comments/objection/\S+", words)[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("We hid a message of yours")
    keys.type(page.get_by_label("What was wrong about it"), OBJECTION)
    keys.follow(page.get_by_role("button", name="Object"))
    expect(page.get_by_role("heading", name="We have your objection")).to_be_visible()

    for part in ("dov", "amara"):  # whoever had a part in it is not offered to decide
        theirs, _ = at(visit(part), measure)
        expect(theirs.get_by_role("button", name="They are right: undo it")).to_have_count(0)
    judge, judging = at(visit("ines"), "/")
    judging.follow(judge.get_by_role("link", name=re.compile("Somebody objects")))
    expect(judge.get_by_text(OBJECTION)).to_be_visible()
    judging.type(judge.get_by_label("Reason"), SORRY)
    judging.follow(judge.get_by_role("button", name="They are right: undo it"))
    judging.follow(judge.get_by_role("button", name="I undid it there, and looked"))
    expect(judge.get_by_text("Nothing of it stands at the network any more.")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="You were right")).to_be_visible()
    expect(page.get_by_text(SORRY)).to_be_visible()
    log, _ = at(visit(), "/comments/log/")
    expect(log.get_by_text("an objection was found right")).to_be_visible()
    assert "Larch" not in log.content()
    assert desk.wish("record_is_whole")


def test_a_block_begins_when_they_were_told_with_a_keyboard_alone(visit, desk):
    conversation = desk.wish("have_a_policy")
    measure = ask(visit("dov"), conversation, 2, until="2026-03-20T12:00")
    page, _ = agree(visit("amara"), measure, "Yes: block them for this time")
    expect(page.get_by_text("It begins once they were told.")).to_be_visible()
    told = desk.wish("moderate")
    assert len(told["told"]) == 1
    assert told["acts"] == [["block", "kit"]]
    page.reload()
    expect(page.get_by_text("Seen in force at the network.").first).to_be_visible()
    keys = Keyboard(page)
    keys.press(page.get_by_text("End it now"))
    keys.type(page.get_by_label("Reason"), "The house was sold, and the address is public.")
    keys.follow(page.get_by_role("button", name="End it, and undo it there"))
    assert desk.wish("moderate")["acts"] == []
