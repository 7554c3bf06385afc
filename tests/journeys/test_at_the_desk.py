"""What scripts add for those who work here all day: keys, and news in every tab."""

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

TABS = 8  # two more than the lines a browser opens to one site


def test_single_keys_sleep_until_their_list_was_opened(visit, desk):
    window = visit("dov")
    page = window.open("/")
    rows = page.locator("main a.whole")
    page.keyboard.press("j")
    expect(rows.first).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    for key, row in (("j", rows.nth(0)), ("j", rows.nth(1)), ("k", rows.nth(0))):
        page.keyboard.press(key)
        expect(row).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("g")
        page.keyboard.press("s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Say")


def test_eight_tabs_load_and_all_hear_the_news(visit, desk):
    """Each tab holding a live line of its own would freeze the seventh for ever."""
    window = visit("ines")
    pages = [window.page, *(window.context.new_page() for _ in range(TABS - 1))]
    for page in pages:
        page.goto(desk.address + "/say/waiting" if page is pages[0] else desk.address + "/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    desk.wish("draft_the_crash")
    desk.wish("send_for_approval")
    for page in pages[1:]:
        expect(page.get_by_role("main")).to_contain_text("Dov Harrow wants to post")


def test_a_post_begins_from_a_prepared_text_and_waits_for_its_last_blank(visit, desk):
    page = visit("dov", size=PHONE).open(desk.wish("prepare_a_text"))
    page.get_by_label("Road").fill("Tern Avenue")
    page.get_by_role("button", name="Start the draft").click()
    text = page.get_by_label("What we say")
    expect(text).to_have_value(
        "Tern Avenue is closed until [[time]]. Please go round by Pilot Street."
    )
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_text("“time” is still to be filled in")).to_be_visible()


def test_two_people_say_yes_by_the_agencys_rule(visit, desk):
    """The first of the unit that is asked; the second on a phone, told whose yes there is."""
    desk.wish("ask_two_people")
    desk.wish("draft_the_crash")
    desk.wish("send_for_approval")
    priya = visit("priya", size=PHONE)
    priya.open("/say/waiting")
    expect(priya.page.get_by_text("Dov Harrow wants to post")).to_have_count(0)

    page = visit("ines").open("/say/waiting")
    page.get_by_role("link", name="Dov Harrow wants to post").click()
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Say yes, and ask the next").click()
    expect(page.get_by_text("Yes so far: Inés Calloway")).to_be_visible()

    page = priya.open("/say/waiting")
    page.get_by_role("link", name="Dov Harrow wants to post").click()
    expect(page.get_by_text("Yes so far: Inés Calloway")).to_be_visible()
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Approve and publish now").click()
    desk.work()
    expect(page.get_by_text("seen in public")).to_have_count(3)
