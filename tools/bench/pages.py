"""Pages as Lighthouse sees them: how soon, for whom, how well built, how well found.

./run bench pages [--only "now,vote"] [--runs 3] [--json FILE]

Each page of the list, on the desk of the journeys, as a phone on a slow line and as a desk would
load it; of each score the median of the runs. Scores are of 100; the bar is 95.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, sync_playwright
from tests.journeys.conftest import CHROMIUM, QUIETLY, Desk
from tests.journeys.screens import SCREENS, Screen, address
from tests.peers import npm
from tests.peers.starting import free_port

HERE = Path(__file__).parent
BAR = 95
KINDS = ("performance", "accessibility", "best-practices", "seo")
# In public what residents come for; behind the sign-in what officers have open all day.
LOOKED_AT = [
    "newsroom", "a public post", "find help", "follow us", "our accounts", "vote",
    "where people meet", "did we say this", "how we did", "our promises",
    "now", "moments", "a moment", "compose", "say", "answer", "record",
]  # fmt: skip
# Behind the sign-in no machine shall find anything, and says so: no fault of theirs.
NOT_FOUND = ["--skip-audits", "is-crawlable"]
PATIENCE = 180  # seconds for one look


def main(words: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run bench pages", description=__doc__)
    asked.add_argument("--only", help="names of screens, with commas between them")
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    names = [name.strip() for name in wish.only.split(",")] if wish.only else LOOKED_AT
    packages = npm.installed("lighthouse", HERE / "lighthouse.json")
    told: dict[str, Any] = {"load": os.getloadavg()[0], "runs": wish.runs, "pages": {}}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_:
        desk = Desk(Path(folder))
        open_.callback(desk.close)
        eyes = Eyes(packages, open_.enter_context(sync_playwright()), Path(folder) / "profile")
        open_.callback(eyes.close)
        for screen in named(names):
            told["pages"][screen.name] = looked(desk, screen, eyes, wish.runs)
            sys.stderr.write(f"{screen.name}: {told['pages'][screen.name]}\n")
    told["below"] = below(told["pages"])
    print(json.dumps(told, indent=2))
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=2))
    return bool(told["below"])


def named(names: Sequence[str]) -> list[Screen]:
    known = {screen.name: screen for screen in SCREENS}
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"There is no screen called {', '.join(unknown)}.")
    return [known[name] for name in names]


class Eyes:
    """A browser that Lighthouse looks through, signed in as whoever is to look."""

    def __init__(self, packages: Path, playwright: Playwright, profile: Path) -> None:
        self.packages, self.port = packages, free_port()
        self.browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, chromium_sandbox=False,
            args=[*QUIETLY, f"--remote-debugging-port={self.port}"],
        )  # fmt: skip
        self.close = self.browser.close

    def become(self, session: str | None, at: str) -> None:
        self.browser.clear_cookies()
        if session:
            self.browser.add_cookies([{"name": "sessionid", "value": session, "url": at}])

    def look(self, at: str, more: Sequence[str]) -> dict[str, Any]:
        done = subprocess.run(
            [
                self.packages / "node_modules/.bin/lighthouse", at, "--quiet", "--output", "json",
                "--only-categories", ",".join(KINDS), "--port", str(self.port),
                "--disable-storage-reset", *more,
            ],
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"Lighthouse ended with {done.returncode}: {done.stderr[-2000:]}")
        said: dict[str, Any] = json.loads(done.stdout)
        return said


def looked(desk: Desk, screen: Screen, eyes: Eyes, runs: int) -> dict[str, Any]:
    """By way of looking: the scores, and what keeps them from 100."""
    desk.wish("again")
    places = dict(desk.places)
    if screen.wish:
        places["trouble"] = desk.wish(screen.wish) or ""
    path = address(screen, places)
    at = path if "://" in path else desk.address + path
    eyes.become(desk.sessions[screen.who] if screen.who else None, desk.address)
    more = NOT_FOUND if screen.who else []
    found = {}
    for way, words in (("phone", []), ("desk", ["--preset", "desktop"])):
        reports = [eyes.look(at, [*more, *words]) for _ in range(runs)]
        scores = {
            kind: round(
                100 * statistics.median(one["categories"][kind]["score"] for one in reports)
            )
            for kind in KINDS
        }
        found[way] = scores | {"faults": faults(reports[-1])}
    return found


def faults(one: dict[str, Any]) -> dict[str, str]:
    """Audits that count and were not passed, with what was seen."""
    counted = {
        ref["id"] for kind in KINDS for ref in one["categories"][kind]["auditRefs"] if ref["weight"]
    }
    return {
        name: audit.get("displayValue") or audit["title"]
        for name, audit in one["audits"].items()
        if name in counted and (audit["score"] or 0) < 0.9 and audit["score"] is not None
    }


def below(pages: dict[str, Any]) -> list[str]:
    return [
        f"{name}, {way}: {kind} {scores[kind]}"
        for name, ways in pages.items()
        for way, scores in ways.items()
        for kind in KINDS
        if scores[kind] < BAR
    ]
