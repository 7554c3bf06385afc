"""What happens to words after they were written: people are warned, and mistakes put right."""

import re
from urllib.request import urlopen

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE


def test_a_warning_is_written_on_a_phone_read_and_heard_by_machines(visit, desk):
    dov = visit("dov", size=PHONE)
    page = dov.open(desk.wish("draft_the_crash") + "write")
    page.get_by_label("Also a public alert").check()
    page.get_by_text("What the alert says to machines").click()
    page.get_by_label("What happens").fill("Road closed by a crash")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.locator("#main")).to_contain_text("Say where people are meant")

    page = dov.open(desk.wish("draft_the_crash") + "write")
    page.get_by_label("Also a public alert").check()
    page.get_by_text("What the alert says to machines").click()
    page.get_by_label("What happens").fill("Road closed by a crash")
    page.get_by_label(re.compile("^Where")).fill("Mast Road at Tern Avenue")
    page.get_by_label("What people should do").select_option("Avoid")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("heading", name="In review")).to_be_visible()

    page = visit("ines").open("/say/waiting")
    page.get_by_role("link", name="Dov Harrow wants to post").first.click()
    expect(page.get_by_role("region", name="Public alert")).to_contain_text("Keep away")
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Approve and publish now").click()
    desk.wish("work")

    public = visit().open(desk.wish("newest_page"))
    warning = public.get_by_role("region", name="Public alert")
    expect(warning).to_contain_text("Road closed by a crash: Mast Road at Tern Avenue")
    expect(warning).to_contain_text("Keep away")
    with urlopen(desk.address + "/newsroom/alerts.xml") as feed:
        assert "application/cap+xml" in feed.read().decode()


def test_a_mistake_is_put_right_in_the_open(visit, desk):
    wrong = desk.wish("warn_people")
    page = visit("dov", size=PHONE).open("/say/")
    page.get_by_role("link", name="Three people").first.click()
    page.get_by_text("Correct it…").click()
    page.get_by_role("button", name="Write the correction").click()
    page.get_by_label("What we say").fill("Mast Road is open again, both ways.")
    page.get_by_label("Also a public alert").uncheck()
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("heading", name="In review")).to_be_visible()
    desk.wish("agree")
    desk.wish("work")

    public = visit().open(wrong)
    expect(public.get_by_text("We corrected this:")).to_be_visible()
    public.get_by_role("link", name="Correction:").click()
    expect(public.get_by_text("Mast Road is open again, both ways.")).to_be_visible()
    expect(public.get_by_text("This corrects what we said before:")).to_be_visible()
