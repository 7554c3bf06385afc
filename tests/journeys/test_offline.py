"""A phone loses its network in the middle of a word: a real browser, really cut off."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

KEPT = """async () => {
  const db = await new Promise((done, fail) => {
    const asked = indexedDB.open("commonground-pocket", 1);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  if (!db.objectStoreNames.contains("drafts")) { db.close(); return []; }
  const rows = await new Promise((done) => {
    const asked = db.transaction("drafts").objectStore("drafts").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  return rows.map((row) => new TextDecoder("latin1").decode(row.sealed));
}"""
OLDER = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("commonground-pocket", 1);
    asked.onsuccess = () => done(asked.result);
  });
  const store = () => db.transaction("drafts", "readwrite").objectStore("drafts");
  const rows = await new Promise((done) => {
    const asked = store().getAll();
    asked.onsuccess = () => done(asked.result);
  });
  for (const row of rows) store().put({ ...row, at: row.at - 8 * 24 * 3600 * 1000 });
  db.close();
}"""


@pytest.fixture
def window(visit, desk):
    """Dov's phone, with a draft open and the worker in place."""
    window = visit("dov", size=PHONE, service_workers="allow")
    page = window.open(f"{desk.places['draft']}write")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    # Pages of before the worker was there are not answered by it.
    window.open(f"{desk.places['draft']}write")
    yield window
    # A page without a network complains of it, rightly.
    window.complaints[:] = [c for c in window.complaints if not is_of_the_network(c)]


def is_of_the_network(complaint):
    known = (
        "ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest", "Failed to fetch",
        "ERR_FAILED",
    )  # fmt: skip
    return any(word in complaint for word in known)


def test_words_are_kept_sealed_and_saved_when_the_network_is_back(window, desk):
    page, words = window.page, page_words(window)
    window.context.set_offline(True)
    words.fill("Pilot Street is closed from nine.")
    expect(page.locator("#pocket")).to_be_visible()
    (sealed,) = page.evaluate(KEPT)
    assert "Pilot Street" not in sealed
    page.get_by_role("button", name="Send for approval").click()  # it does not leave the page
    expect(words).to_have_value("Pilot Street is closed from nine.")

    window.context.set_offline(False)
    expect(page.locator("#pocket")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("What we say")).to_have_value("Pilot Street is closed from nine.")
    assert page.evaluate(KEPT) == []
    page.goto(desk.address + desk.places["draft"])
    expect(page.locator("#life h2")).to_have_text("Draft")  # and nothing was sent for approval


def page_words(window):
    return window.page.get_by_label("What we say")


def test_compose_opens_without_a_network_and_what_is_written_becomes_a_draft(window, desk):
    page = window.page
    window.context.set_offline(True)
    page.goto(desk.address + "/say/new")
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    page.get_by_role("button", name="Write a new draft").click()
    page.get_by_label("Headline").fill("Fog")
    page.get_by_label("What we say").fill("Fog on the bridge.")
    expect(page.locator("#state")).to_contain_text("No network")
    page.reload()
    expect(page.get_by_label("What we say")).to_have_value("Fog on the bridge.")

    window.context.set_offline(False)
    page.get_by_role("link", name="It is a draft on the desk now").click()
    expect(page.get_by_label("What we say")).to_have_value("Fog on the bridge.")
    assert page.evaluate(KEPT) == []


def test_two_versions_stand_side_by_side(window, visit, desk):
    page = window.page
    window.context.set_offline(True)
    page_words(window).fill("Written on the phone.")
    expect(page.locator("#pocket")).to_be_visible()
    other = visit("dov").open(f"{desk.places['draft']}write")
    other.get_by_label("What we say").fill("Written at the desk.")
    other.get_by_role("button", name="Save the draft").click()

    page.goto(desk.address + "/say/pocket")
    window.context.set_offline(False)
    page.get_by_role("button", name="Look at both").click()
    expect(page.get_by_role("heading", name="You wrote on in another window")).to_be_visible()
    expect(page.locator(".note.warn .words").first).to_have_text("Written at the desk.")
    expect(page.get_by_label("What we say")).to_have_value("Written on the phone.")


def test_what_is_kept_is_gone_after_sign_out_and_after_seven_days(window, desk):
    page = window.page
    window.context.set_offline(True)
    page_words(window).fill("Written on the phone.")
    expect(page.locator("#pocket")).to_be_visible()
    page.goto(desk.address + "/say/pocket")
    assert len(page.evaluate(KEPT)) == 1
    page.evaluate(OLDER)
    page.reload()
    expect(page.locator("#state")).to_contain_text("No network")
    assert page.evaluate(KEPT) == []

    page.get_by_role("button", name="Write a new draft").click()
    page.get_by_label("What we say").fill("Of an officer who signs out.")
    # While it is being typed it is not sent, so there is something to be forgotten.
    window.context.set_offline(False)
    page.goto(desk.address + "/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")
    names = page.evaluate("async () => (await indexedDB.databases()).map((each) => each.name)")
    assert "commonground-pocket" not in names
    assert page.evaluate("async () => (await caches.keys()).length") == 0
