"""A question's way from a resident's phone to what the agency says about it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, SMALLEST
from tests.journeys.keyboard import Keyboard
from tests.journeys.looking import axe, overlaps, sideways, small_targets
from tests.journeys.screens import Screen
from tests.journeys.test_weight import KB, weigh

HARBOUR = "/ask/harbour/"


def answer(page, times, name="Agree"):
    for _ in range(times):
        before = page.locator("#statement").inner_text()
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("h1")).to_be_visible()
        after = page.locator("#statement")
        assert after.count() == 0 or after.inner_text() != before


def test_a_resident_without_script_votes_twelve_times_and_sees_where_people_meet(visit, desk):
    page = visit(size=PHONE, java_script_enabled=False).open(HARBOUR)
    expect(page.get_by_text("14 statements. Stop whenever you like.")).to_be_visible()
    answer(page, 6)
    expect(page.get_by_text("After 1 more answer you see where people meet.")).to_be_visible()
    answer(page, 3, "Disagree")
    answer(page, 3, "Not sure")
    expect(page.get_by_text("12 of 14 answered. Stop whenever you like.")).to_be_visible()
    page.get_by_role("link", name="See where people meet").click()
    expect(page.get_by_role("heading", level=1, name="Where people meet")).to_be_visible()
    shared = page.get_by_role("region", name="What all groups share")
    expect(shared.get_by_text("Officers on the quays should walk, not drive past.")).to_be_visible()
    expect(shared.get_by_role("row").filter(has_text="agree").first).to_contain_text(
        re.compile(r"Group A\s*\d+ agree \(\d+ %\), \d+ disagree, \d+ not sure")
    )
    page.get_by_text("The map of answers").click()
    expect(page.get_by_text("You are here: the ring")).to_be_visible()
    expect(page.get_by_text("do not mean right or wrong")).to_be_visible()


def outline(page):
    """What a screen reader says, in its order: role, and name, of what has one."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    wanted = ("heading", "button", "link", "group", "DisclosureTriangle", "textbox")

    def walk(node):
        role = node["role"]["value"]
        if not node.get("ignored") and role in wanted:
            yield role, node.get("name", {}).get("value", "")
        for child in node.get("childIds", []):
            if child in by_id:
                yield from walk(by_id[child])

    return list(walk(nodes[0]))


def test_a_screen_reader_meets_things_in_the_order_that_makes_sense(visit, desk):
    page = visit(size=PHONE).open(HARBOUR)
    statement = page.locator("#statement").inner_text()
    heard = outline(page)
    order = [
        ("link", "Skip to the main part"),
        ("heading", "How should we police the harbour at night?"),
        ("heading", statement),
        ("group", statement),
        ("button", "Agree"),
        ("button", "Disagree"),
        ("button", "Not sure"),
        ("heading", "Make your votes count for more"),
        ("link", "My receipt"),
    ]
    places = [heard.index(thing) for thing in order]
    assert places == sorted(places)
    buttons = [name for role, name in heard if role == "button"]
    assert buttons[:3] == ["Agree", "Disagree", "Not sure"]


def test_after_a_vote_the_reader_stands_at_the_next_statement(visit, desk):
    window = visit(size=DESKTOP)
    page = window.open(HARBOUR)
    Keyboard(page).follow(page.get_by_role("button", name="Agree", exact=True))
    assert page.url.endswith("#statement")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Agree"


def test_keys_vote_only_once_somebody_turned_them_on(visit, desk):
    page = visit().open(HARBOUR)
    statement = page.locator("#statement").inner_text()
    page.keyboard.press("2")
    page.wait_for_timeout(300)
    assert page.locator("#statement").inner_text() == statement
    page.get_by_role("button", name="Turn keys 1, 2, 3 on").click()
    with page.expect_navigation():
        page.keyboard.press("2")
    expect(page.get_by_text("1 of 14 answered.")).to_be_visible()


def test_the_work_is_done_while_somebody_reads(visit, desk):
    page = visit().open(HARBOUR)
    page.wait_for_function(
        "() => document.querySelector('[name=work]').value !== ''", timeout=30_000
    )
    answer(page, 1)
    expect(page.get_by_text("1 of 14 answered.")).to_be_visible()


def test_the_page_speaks_the_readers_language(visit, desk):
    page = visit(size=PHONE, java_script_enabled=False).open(HARBOUR)
    page.get_by_role("link", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("#statement").get_attribute("lang") == "fr"
    page.get_by_role("button", name="Pas d’accord").click()
    assert page.locator("#statement").get_attribute("lang") == "fr"
    expect(page.get_by_text("1 réponses sur 14")).to_be_visible()


def test_a_resident_says_who_they_are_and_takes_it_back(visit, desk):
    page = with_a_code(visit(size=PHONE, java_script_enabled=False), desk)
    assert page.get_by_role("radio", checked=True).count() == 1  # nothing is told by default
    page.get_by_label("60 and over").check()
    page.get_by_role("button", name="Send these answers").click()
    page.get_by_role("link", name="What you told about yourself").click()
    expect(page.get_by_label("60 and over")).not_to_be_checked()  # shown to nobody again
    page.get_by_role("button", name="Delete my answers").click()
    expect(page.get_by_role("link", name="Help us weigh the votes")).to_be_visible()


def with_a_code(window, desk):
    """At the page about oneself, as a resident who voted seven times with a code."""
    page = window.open(f"{HARBOUR}code/")
    page.get_by_label("The code on your paper").fill(desk.wish("make_a_code"))
    page.get_by_role("button", name="Go to the statements").click()
    answer(page, 7)
    page.get_by_role("link", name="Help us weigh the votes").click()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_about_oneself_is_for_everybody(visit, desk, scheme):
    page = with_a_code(visit(size=PHONE, color_scheme=scheme), desk)
    assert axe(page) + sideways(page) + overlaps(page) + small_targets(page) == []


def test_a_resident_adds_a_statement_and_a_moderator_merges_it(visit, desk):
    resident = visit(size=PHONE).open(HARBOUR)
    answer(resident, 1)
    resident.get_by_role("link", name="Add your own statement").click()
    resident.get_by_label("Your own statement").fill(
        "The fish quay needs better lights, first of all."
    )
    resident.get_by_role("button", name="Send my statement").click()
    expect(resident.get_by_text("waits for a person to read it")).to_be_visible()

    page = visit("ines").open(desk.places["question"])
    page.get_by_role("link", name="4 statements wait for a person").click()
    card = page.get_by_role("article").filter(has_text="first of all")
    card.get_by_role("link", name="Merge into this").first.click()
    expect(page.get_by_label("The fish quay needs better lights before")).to_be_checked()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("Merged. The public log says so.")).to_be_visible()

    log = resident.goto(desk.address + HARBOUR + "log/")
    assert log.ok
    expect(resident.get_by_text("says the same as another")).to_be_visible()


def test_the_finding_becomes_a_post(visit, desk):
    boss = visit("ines").open(desk.places["question"])
    boss.get_by_role("button", name="Close for good").click()
    boss.get_by_role("link", name="Publish what was decided").click()
    boss.get_by_label("What was decided").fill("Two officers on foot until three.")
    boss.get_by_label("Why").fill("Both groups asked for officers who walk.")
    boss.get_by_role("button", name="Publish").click()
    expect(boss.get_by_text("Published. Those who voted find it")).to_be_visible()

    page = visit("dov").open(desk.places["question"])
    page.get_by_role("button", name="Draft a post about it").click()
    words = page.get_by_label("What we say").input_value()
    assert "Two officers on foot until three." in words
    assert "/ask/harbour/" in words
    public = visit(size=PHONE).open(HARBOUR)
    expect(public.get_by_text("Both groups asked for officers who walk.")).to_be_visible()


def test_the_hall_sees_a_vote_within_a_second_or_two(visit, desk):
    """The page asks twice a second; what the worker draws it shows."""
    hall = visit("dov").open(desk.places["question"] + "hall/")
    expect(hall.get_by_text("320 voters")).to_be_visible()
    phone = visit(size=PHONE).open(HARBOUR)
    answer(phone, 1)
    desk.wish("draw_pictures")
    expect(hall.get_by_text("321 voters")).to_be_visible(timeout=3000)


def test_the_common_ground_is_for_everybody_too(visit, desk):
    """The page that only a voter sees, looked at as every screen is."""
    page = visit(size=PHONE).open(HARBOUR)
    answer(page, 8)
    page.goto(desk.address + HARBOUR + "meet/")
    for summary in page.locator("main summary").all():
        summary.evaluate("it => { it.parentElement.open = true }")
    found = []
    for width, height in (DESKTOP, PHONE, SMALLEST):
        page.set_viewport_size({"width": width, "height": height})
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light)
            found += axe(page)
        found += sideways(page) + overlaps(page) + small_targets(page)
    assert found == []


@pytest.mark.parametrize("path", ["", "log/", "code/", "meet/"])
def test_a_page_of_a_question_is_light(visit, desk, path):
    page = weigh(visit, desk, Screen("a question", f"{HARBOUR}{path}"))
    assert page.of("script") < 5 * KB
    assert page.of("stylesheet") < 10 * KB
    assert page.of() < 60 * KB
    assert len(page.asked_for) <= 8
