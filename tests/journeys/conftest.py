"""A desk that runs, and browsers to visit it with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
ROOT = Path(__file__).parents[2]
# What a browser must not do in a test: fetch things, keep a sandbox as root, use a small /dev/shm.
QUIETLY = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--font-render-hinting=none", "--lang=en-GB",
]  # fmt: skip
DESKTOP, PHONE, SMALLEST = (1440, 900), (390, 844), (320, 640)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


class Desk:
    """The stage, from here: one wish a line, one answer a line."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "desk.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.stage", str(folder)],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                env={**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            )  # fmt: skip
        self.address = self.answer()
        self.sessions: dict[str, str] = self.wish("sessions")
        self.places: dict[str, str] = self.wish("addresses")

    def wish(self, name: str) -> Any:
        print(json.dumps({"wish": name}), file=self.process.stdin, flush=True)
        return self.answer()

    def answer(self) -> Any:
        line = self.process.stdout.readline()
        told = json.loads(line) if line else {"trouble": self.log.read_text()[-3000:]}
        assert "trouble" not in told, told["trouble"]
        return told["said"]

    def work(self) -> None:
        """Let the worker do one round."""
        self.wish("work")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


# Not for the whole session: while Playwright is on, its event loop counts as running, and
# Django refuses every other test of the same process its database.
@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("stage"))
    yield desk
    desk.close()
    assert "Traceback" not in desk.log.read_text(), desk.log.read_text()[-3000:]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("NOT TESTED in a browser: no chromium on this machine (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, chromium_sandbox=False, args=QUIETLY
        )
        yield browser
        browser.close()


@pytest.fixture
def desk(stage: Desk) -> Desk:
    """The desk as it was built, whatever the test before did."""
    stage.wish("again")
    return stage


class Visit:
    """One person's browser. What its console complains of is a failure."""

    def __init__(self, context: BrowserContext, desk: Desk, *, scripted: bool = True) -> None:
        self.context, self.desk, self.scripted = context, desk, scripted
        self.complaints: list[str] = []
        context.on("console", lambda message: self.hear(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = context.new_page()
        self.status = 0

    def hear(self, kind: str, text: str) -> None:
        # A page that is meant to say 404 or 410 says so on the console too.
        # And most journeys keep our worker out on purpose.
        known = ("responded with a status of 4", "registration blocked by Playwright")
        if kind in ("error", "warning") and not any(words in text for words in known):
            self.complaints.append(text)

    def open(self, path: str) -> Page:
        answer = self.page.goto(path if "://" in path else self.desk.address + path)
        self.status = answer.status if answer else 0
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until every panel has been drawn. Without scripts a panel stays a plain link."""
        self.page.wait_for_load_state("load")
        if self.scripted:
            expect(self.page.locator(".panel > a.button:only-child")).to_have_count(0)


@pytest.fixture
def visit(browser: Browser, desk: Desk) -> Iterator[Callable[..., Visit]]:
    """Open a browser window: visit(), visit("dov", size=PHONE, color_scheme="dark") ..."""
    visits: list[Visit] = []

    def opened(who: str | None = None, *, size=DESKTOP, **how: Any) -> Visit:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce",
            timezone_id="America/Halifax", **{"service_workers": "block", **how},
        )  # fmt: skip
        context.set_default_timeout(15_000)
        if who:
            session = {"name": "sessionid", "value": desk.sessions[who], "url": desk.address}
            context.add_cookies([session])
        visits.append(Visit(context, desk, scripted=how.get("java_script_enabled", True)))
        return visits[-1]

    yield opened
    for each in visits:
        each.context.close()
    assert [c for each in visits for c in each.complaints] == []
