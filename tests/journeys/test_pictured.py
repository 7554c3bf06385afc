"""A picture on its way to the public: on a phone with a thumb, and with keys alone."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import Keyboard


def test_a_plate_is_covered_on_a_phone_and_what_is_read_is_what_goes_out(visit, desk):
    dov = visit("dov", size=PHONE, has_touch=True, is_mobile=True)
    page = dov.open(desk.wish("hang_a_picture") + "write")
    page.get_by_role("button", name="Cover faces and plates").tap()
    canvas = page.locator(".canvas")
    expect(canvas).to_have_class(re.compile("ready"))
    frame = canvas.bounding_box()
    canvas.tap(position={"x": frame["width"] * 0.49, "y": frame["height"] * 0.64})
    expect(page.get_by_role("button", name=re.compile("^Box 1:"))).to_be_focused()
    page.get_by_role("button", name="Add a box").tap()
    page.get_by_role("button", name="Remove the box").tap()
    expect(page.locator(".canvas .box")).to_have_count(1)
    page.get_by_role("button", name="Save, and look at it").tap()
    expect(page.get_by_text("1 part is covered.")).to_be_visible()
    [[left, top, width, height]] = desk.wish("what_is_public")
    assert left <= 420 and left + width >= 560, (left, width)  # noqa: PT018
    assert top <= 614 and top + height >= 671, (top, height)  # noqa: PT018

    page.get_by_role("button", name="Save, and back to the draft").tap()
    expect(page.locator("#pictures")).to_contain_text("1 part covered")
    page.get_by_role("button", name="Send for approval").tap()
    expect(page.get_by_role("heading", name="In review")).to_be_visible()
    reader = visit("ines", size=PHONE).open("/say/waiting")
    reader.get_by_role("link", name="Dov Harrow wants to post").first.click()
    expect(reader.get_by_text("1 part covered").first).to_be_visible()


def test_boxes_and_the_point_are_drawn_with_keys_alone(visit, desk):
    dov = visit("dov")
    page = dov.open(desk.wish("picture_page"))
    keys = Keyboard(page)
    box = page.get_by_role("button", name=re.compile("^Box 1:"))
    keys.reach(box)
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator("#canvas-said")).to_contain_text("Box 1: 42.5 from the left")
    point = page.get_by_role("button", name=re.compile("^What must stay in sight:"))
    page.keyboard.press("Shift+Tab")
    expect(point).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    keys.press(page.get_by_role("button", name="Add a box"))
    expect(page.get_by_role("button", name=re.compile("^Box 2:"))).to_be_focused()
    page.keyboard.press("Delete")
    keys.follow(page.get_by_role("button", name="Save, and look at it"))
    assert desk.wish("what_is_public") == [[425, 620, 160, 56]]
    expect(page.get_by_label(re.compile("From the top")).last).to_have_value("55")


def test_a_box_drawn_with_a_mouse_is_not_lost_by_leaving(visit, desk):
    page = visit("dov").open(desk.wish("picture_page"))
    frame = page.locator(".canvas").bounding_box()
    page.mouse.move(frame["x"] + 20, frame["y"] + 20)
    page.mouse.down()
    page.mouse.move(frame["x"] + 90, frame["y"] + 70, steps=4)
    page.mouse.up()
    expect(page.locator(".canvas .box")).to_have_count(2)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
