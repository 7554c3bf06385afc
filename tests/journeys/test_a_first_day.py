"""Somebody's first day, with a keyboard alone: a drill, the course, the certificate, a post."""

import re

from playwright.sync_api import expect

from commonground.train import queries
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_screens import look_from_everywhere, told

PASSWORD = "four geese cross the road slowly"
IN_THE_DRILL = (
    "Thank you to everybody who called. Quay Hill is closed: a tree lies across it, and nobody is "
    "hurt. Which way round: https://roads.harbour.example. We do not know yet when it opens."
)
FOR_REAL = "The pool at Whimbrel Park opens at ten tomorrow. Thank you for waiting with us."


def come_in_for_the_first_time(window, desk):
    page = window.open(desk.wish("invite_somebody"))
    keys = Keyboard(page)
    for field in page.locator("input[type=password]").all():
        keys.type(field, PASSWORD)
    keys.follow(page.get_by_role("button", name="Change Password"))
    page.goto(f"{desk.address}/account/login/")
    keys.type(page.get_by_label(re.compile("e-?mail", re.I)), "nia.newcomb@harbour.example")
    keys.type(page.get_by_label("Password"), PASSWORD)
    keys.follow(page.get_by_role("button", name="Sign in with your password"))
    window.settle()
    return page, keys


def draft(page, keys, channel, words):
    """From the button that leads there to the page of what was sent for approval."""
    start = page.get_by_role("button", name="Start a blank draft")
    box = page.get_by_role("checkbox", name=re.compile(channel))
    if box.count() and not box.is_checked():
        keys.press(box, "Space")
    keys.follow(start)
    keys.type(page.get_by_label("Headline"), words[:30])
    keys.type(page.get_by_label("What we say"), words)
    keys.follow(page.get_by_role("button", name="Send for approval"))


def practise(window, page, keys, desk):
    keys.follow(page.get_by_role("button", name="Begin my first drill"))
    expect(page.get_by_text("DRILL. Nothing here reaches the public.").first).to_be_visible()
    assert told(look_from_everywhere(page)) == ""
    desk.wish("drill")
    keys.follow(page.get_by_role("link", name="Draft a post in the drill"))
    draft(page, keys, "Rehearsal", IN_THE_DRILL)
    desk.wish("drill")
    desk.wish("drill")
    page.goto(f"{desk.address}/train/first/")
    keys.follow(page.get_by_role("button", name="Go to my drill"))
    expect(page.get_by_role("main")).to_contain_text(IN_THE_DRILL[:40])
    keys.follow(page.get_by_role("link", name="End the drill"))
    keys.follow(page.get_by_role("button", name="End the drill"))
    expect(page.get_by_role("heading", name="To keep")).to_be_visible()
    assert told(look_from_everywhere(page)) == ""
    keys.follow(page.get_by_role("button", name="I have looked back. Open my desk"))
    window.settle()
    expect(page.get_by_role("heading", level=1)).to_have_text("Now")
    expect(page.get_by_text("DRILL. Nothing here reaches the public.")).to_have_count(0)


def take_the_course(page, keys):
    course = queries.course_named("speaking", "en")
    page.goto(page.url.rstrip("/") + "/train/")
    keys.follow(page.get_by_role("link", name=course.title))
    keys.follow(page.get_by_role("link", name="Begin to read"))
    for _lesson in course.lessons:
        keys.follow(page.get_by_role("button", name=re.compile("^Read\\.")))
    keys.follow(page.get_by_role("button", name="Begin the questions"))
    for group in page.locator("fieldset").all():
        answer(page, keys, group, course)
    keys.follow(page.get_by_role("button", name="Hand in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed")


def answer(page, keys, group, course):
    """Into the group with Tab, to the right choice with the arrows."""
    asks = group.locator("legend").inner_text()
    question = next(q for q in course.questions.values() if q.asks in asks)
    right = group.get_by_label(question.choices[question.right].says, exact=True)
    first = group.get_by_role("radio").first
    keys.press(first, "Space")
    for _ in question.choices:
        if right.is_checked():
            return
        page.keyboard.press("ArrowDown")
    expect(right).to_be_checked()


def test_a_first_day_leads_from_a_drill_to_a_post(visit, desk):
    window = visit()
    page, keys = come_in_for_the_first_time(window, desk)
    expect(page.get_by_text("What comes first: a drill of your own")).to_be_visible()
    practise(window, page, keys, desk)
    take_the_course(page, keys)

    trainer = visit("wren")
    theirs = trainer.open("/train/")
    Keyboard(theirs).follow(theirs.get_by_role("button", name="Certify Nia Newcomb"))
    desk.wish("authorise_somebody")

    page.goto(f"{desk.address}/say/new")
    draft(page, keys, "Newsroom", FOR_REAL)
    supervisor = visit("ines")
    second = supervisor.open("/say/waiting")
    hands = Keyboard(second)
    hands.follow(second.get_by_role("link", name=re.compile("Nia Newcomb wants to post")))
    hands.press(second.get_by_role("checkbox", name=re.compile("I have read")), "Space")
    hands.follow(second.get_by_role("button", name="Approve and publish now"))
    desk.work()
    public = visit(java_script_enabled=False).open("/newsroom/")
    expect(public.get_by_role("main")).to_contain_text(FOR_REAL[:30])
