"""A notice in English and French, written, read and found on a phone."""

import json
import re
from urllib.request import urlopen

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

FRENCH = "Le chemin Mast est fermé jusqu'à midi."


def test_a_notice_in_two_languages_from_first_words_to_each_reader(visit, desk):
    written_by_dov(visit("dov", size=PHONE), desk)
    read_by_ines(visit("ines", size=PHONE))
    desk.wish("work")
    found_by_readers(visit, desk)


def written_by_dov(dov, desk):
    page = dov.open(desk.wish("draft_the_crash") + "write")
    page.get_by_label("What we say").fill("Mast Road is closed until noon.")
    page.get_by_text("Say it in another language, or for an area").click()
    page.get_by_label("Language or area").select_option("fr")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("French")
    expect(page.locator("#main")).to_contain_text("Mast Road is closed until noon.")
    page.get_by_role("button", name="Save, and back to the draft").click()
    expect(page.locator("#versions")).to_contain_text("not written yet")

    page.get_by_role("button", name=re.compile("Write it")).click()
    page.get_by_label("Headline").fill("Chemin Mast fermé")
    page.get_by_label("What we say").fill(FRENCH)
    page.get_by_role("button", name="Save, and back to the draft").click()
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("heading", name="In review")).to_be_visible()


def read_by_ines(ines):
    page = ines.open("/say/waiting")
    page.get_by_role("link", name="Dov Harrow wants to post").first.click()
    expect(page.locator('.preview [lang="fr"]', has_text="jusqu'à midi").first).to_be_visible()
    page.get_by_label(re.compile("I have read: English")).check()
    page.get_by_label("I have read: French").check()
    page.get_by_role("button", name="Approve and publish now").click()


def found_by_readers(visit, desk):
    reader = visit(size=PHONE, extra_http_headers={"Accept-Language": "fr-CA"})
    page = reader.open(desk.wish("newest_page") + "?in=fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chemin Mast fermé")
    page.get_by_role("link", name="English").click()
    expect(page.locator("article")).to_contain_text("Mast Road is closed until noon.")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    with urlopen(desk.address + "/newsroom/feed.json?in=fr") as feed:
        items = json.load(feed)["items"]
    assert FRENCH in [item["content_text"] for item in items]
