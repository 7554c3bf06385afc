"""Asking a real browser for notices, being shown one, and stopping them. The one thing that a
browser without the internet cannot do is to reach its maker's push service: that is pretended."""

import json

import pytest

from tests.journeys.scene import NOTICES

# What a browser gives out once its push service has answered.
PUSH_SERVICE = """
  const plain = atob("KEY".replace(/-/g, "+").replace(/_/g, "/"));
  const key = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  const secret = new Uint8Array(16);
  const kept = () => localStorage.getItem("pretended") && {
    endpoint: "https://web.push.apple.com/this-browser",
    getKey: (name) => (name === "auth" ? secret : key).buffer,
    unsubscribe: async () => { localStorage.removeItem("pretended"); return true; },
  };
  PushManager.prototype.getSubscription = async () => kept() || null;
  PushManager.prototype.subscribe = async (asked) => {
    if (!asked.userVisibleOnly || asked.applicationServerKey.length !== 65) throw new Error("no");
    localStorage.setItem("pretended", "yes");
    return kept();
  };
"""


@pytest.fixture
def notices(visit, desk):
    channel = desk.wish("keep_notices")
    window = visit(None, service_workers="allow")
    window.context.grant_permissions(["notifications"], origin=desk.address)
    page = window.open("/notices/")
    key = page.locator(".notices-switch").get_attribute("data-key")
    window.context.add_init_script(PUSH_SERVICE.replace("KEY", key))
    window.open("/notices/")
    return window, channel


def devices(visit, channel):
    page = visit("jonas").open(channel)
    return page.locator("dt", has_text="Devices get notices").locator("+ dd").inner_text()


def shown(page, until):
    look = """async () => {
      const registrations = await navigator.serviceWorker.getRegistrations();
      const found = await Promise.all(registrations.map((r) => r.getNotifications()));
      const told = ({ title, body, tag, data }) => ({ title, body, tag, url: data.url });
      return found.flat().map(told);
    }"""
    for _ in range(100):
        found = page.evaluate(look)
        if len(found) >= until:
            break
        page.wait_for_timeout(50)
    return found


def push(window, desk, words):
    """What arrives from the push service, opened, as the browser hands it to our worker."""
    line = window.context.new_cdp_session(window.page)
    seen = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda it: seen.extend(it["registrations"]))
    line.send("ServiceWorker.enable")
    for _ in range(100):
        if seen:
            break
        window.page.wait_for_timeout(50)
    line.send("ServiceWorker.deliverPushMessage", {
        "origin": desk.address, "registrationId": seen[-1]["registrationId"], "data": words,
    })  # fmt: skip


def test_a_device_joins_is_shown_a_notice_and_leaves(visit, desk, notices):
    window, channel = notices
    page = window.page
    assert devices(visit, channel) == "39"

    page.get_by_role("button", name="Get notices on this device").click()
    page.get_by_text("This device gets our notices.").wait_for()
    assert not page.get_by_text("runs no script").is_visible()
    assert devices(visit, channel) == "40"

    said = {"title": "Mast Road", "body": "Closed.", "url": f"/notices/{NOTICES[0]}", "tag": "a"}
    push(window, desk, json.dumps(said))
    (first,) = shown(page, 1)
    assert first == {"title": "Mast Road", "body": "Closed.", "tag": "a", "url": said["url"]}

    push(window, desk, json.dumps({**said, "title": "Correction"}))
    page.wait_for_timeout(300)
    (second,) = shown(page, 1)
    assert second["title"] == "Correction"

    # A busy browser was seen to lose one of its own making; what it was handed, it must show.
    for _ in range(3):
        push(window, desk, "nonsense")
        names = {one["title"].split(":")[0] for one in shown(page, 2)}
        if "localhost" in names:
            break
    assert names == {"Correction", "localhost"}

    window.open(f"/notices/{NOTICES[0]}")
    page.get_by_role("button", name="Stop notices on this device").click()
    page.get_by_text("This device is deleted here.").wait_for()
    assert devices(visit, channel) == "39"
    assert page.get_by_role("button", name="Get notices on this device").is_visible()
    assert window.complaints == []


def test_what_the_desk_refuses_is_told_and_undone(desk, notices):
    window, _channel = notices
    page = window.page
    page.locator(".notices-switch").evaluate("it => { it.dataset.list = 'x' }")
    # The list is read when the script starts, so it is started once more on the changed page.
    page.evaluate("""async () => {
      const old = document.querySelector(".notices-switch"), fresh = old.cloneNode(true);
      old.replaceWith(fresh);
      const again = document.createElement("script");
      again.src = document.querySelector("script[src*=notices]").src;
      await new Promise((done) => { again.onload = done; document.head.append(again); });
    }""")
    page.get_by_role("button", name="Get notices on this device").click()
    page.get_by_text("cannot reach this device").wait_for()

    assert page.get_by_role("button", name="Get notices on this device").is_visible()
    assert page.evaluate("localStorage.getItem('pretended')") is None


def test_where_the_browser_was_told_no_it_says_how_to_allow_them(visit, desk):
    desk.wish("keep_notices")
    window = visit(None)
    window.context.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    )
    page = window.open("/notices/")

    page.get_by_text("This browser was told to show no notices").wait_for()
    assert page.locator(".notices-switch button:visible").count() == 0


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(("agent", "says"), [(IPHONE, "Add to Home Screen"), ("", "cannot show")])
def test_where_the_browser_cannot_it_says_what_to_do(visit, desk, agent, says):
    desk.wish("keep_notices")
    window = visit(None)
    window.context.add_init_script(
        "delete window.PushManager;"
        + (
            f"Object.defineProperty(navigator, 'userAgent', {{ get: () => '{agent}' }})"
            if agent
            else ""
        )
    )
    page = window.open("/notices/")

    page.get_by_text(says).wait_for()
    assert page.get_by_role("link", name="Feeds and accounts").first.is_visible()
    assert page.locator(".notices-switch button:visible").count() == 0


def test_without_script_it_says_so_and_offers_other_ways(visit, desk):
    desk.wish("keep_notices")
    page = visit(None, java_script_enabled=False).open("/notices/")

    assert page.get_by_text("Your browser runs no script on this page").is_visible()
    assert page.get_by_role("link", name="Feeds and accounts").is_visible()
