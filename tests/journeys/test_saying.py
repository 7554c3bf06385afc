"""What happens to words after they were written: people are warned, and mistakes put right."""

import io
import re
from urllib.request import urlopen

import pytest
from PIL import Image
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
    page.get_by_role("textbox", name=re.compile("^Where")).fill("Mast Road at Tern Avenue")
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


def photograph():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Flat 4, 12 Tern Avenue"
    Image.effect_noise((1200, 900), 60).convert("RGB").save(out, "JPEG", exif=exif)
    return {"name": "IMG_0042.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_picture_is_added_on_a_phone_and_goes_out_with_its_words(visit, desk):
    page = visit("dov", size=PHONE).open(desk.wish("draft_the_crash") + "write")
    page.get_by_label("Headline").fill("Mast Road is closed")
    page.get_by_label("Picture", exact=True).set_input_files(photograph())
    page.get_by_role("button", name="Add the picture").click()
    expect(page.get_by_text("This field is required.").first).to_be_visible()
    page.get_by_label("Picture", exact=True).set_input_files(photograph())
    page.get_by_label("Words for people who cannot see it").fill("Cones across Mast Road.")
    page.get_by_role("button", name="Add the picture").click()
    expect(page.get_by_role("img", name="Cones across Mast Road.").first).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Mast Road is closed")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("heading", name="In review")).to_be_visible()
    desk.wish("agree")
    desk.wish("work")

    public = visit(size=PHONE).open(desk.wish("newest_page"))
    image = public.get_by_role("img", name="Cones across Mast Road.")
    expect(image).to_be_visible()
    with urlopen(desk.address + image.get_attribute("src")) as shown:
        assert b"Tern Avenue" not in shown.read()


def test_a_returned_post_is_changed_and_approved_and_the_reader_sees_what_changed(visit, desk):
    where = desk.wish("draft_the_crash")
    desk.wish("send_for_approval")
    ines = visit("ines")
    page = ines.open(where + "approve")
    page.get_by_label("Why, in a few words").fill("Say until when the road is closed.")
    page.get_by_role("button", name="Return with this reason").click()

    dov = visit("dov", size=PHONE).open(where + "write")
    expect(dov.get_by_text("Say until when the road is closed.")).to_be_visible()
    words = dov.get_by_label("What we say")
    words.fill(words.input_value() + "\nThe road opens at six.")
    dov.get_by_role("button", name="Send for approval").click()
    expect(dov.get_by_role("heading", name="In review")).to_be_visible()

    page = ines.open(where + "approve")
    expect(page.get_by_text("Say until when the road is closed.")).to_be_visible()
    expect(page.get_by_role("article", name=re.compile("newsroom"))).to_contain_text(
        "The road opens at six."
    )
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Approve and publish now").click()
    desk.wish("work")
    public = visit().open(desk.wish("newest_page"))
    expect(public.get_by_text("The road opens at six.")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, (1440, 900)], ids=["phone", "desk"])
def test_alone_in_an_emergency_then_looked_at_by_another(visit, desk, size):
    desk.wish("let_dov_alone")
    page = visit("dov", size=size).open(desk.wish("draft_the_crash"))
    page.get_by_text("People are in danger, and nobody can read it in time").click()
    page.get_by_label("Who is in danger").fill("Drivers on Mast Road; no approver answers.")
    page.get_by_role("button", name="Publish it alone, now").click()
    expect(page.get_by_text("Dov Harrow published it alone")).to_be_visible()
    desk.wish("work")
    public = visit().open(desk.wish("newest_page"))
    expect(public.get_by_role("heading", level=1)).to_be_visible()

    page = visit("ines").open("/")
    expect(page.get_by_text("Dov Harrow published alone:")).to_be_visible()
    page.locator("a[href$='#glass']").first.click()
    page.get_by_label("It was right").check()
    page.get_by_role("textbox", name=re.compile("^In a few words")).fill("I would have said yes.")
    page.get_by_role("button", name="Put my view on the record").click()
    expect(page.get_by_text("I would have said yes.").first).to_be_visible()


def test_a_dead_token_is_told_and_the_post_goes_out_once_somebody_signs_in(visit, desk):
    where = desk.wish("draft_the_crash")
    desk.wish("send_for_approval")
    desk.wish("agree")
    desk.wish("forget_us")
    desk.wish("work")
    page = visit("dov").open(where)
    expect(
        page.get_by_text("as soon as an administrator signs this channel in again")
    ).to_be_visible()

    jonas = visit("jonas", size=PHONE)
    page = jonas.open("/")
    expect(page.get_by_text("Port Sable Police on Mastodon no longer lets us in")).to_be_visible()
    page.get_by_role("link", name="Sign it in").click()
    desk.wish("let_us_in")
    page.get_by_label(re.compile("token", re.I)).fill("a token of the fake")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Ready").first).to_be_visible()
    desk.wish("wait_three_minutes")
    desk.wish("work")
    assert len(desk.wish("seen_by_networks")) == 2
    page = visit("dov").open(where)
    expect(page.get_by_role("heading", name="Published and seen")).to_be_visible()
