"""The whole main job without a person: heard, spotted, said, seen, on the record."""

from __future__ import annotations

import json
import sys
import time
import tomllib
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tools.demo import people
from tools.demo.processes import Processes
from tools.demo.stage import PASSWORD, SCENARIO, desk, networks, replay, write_stream

HOURS = 72
AUTHOR, APPROVER = "luc.tremaine@harbour.example", "ines.calloway@harbour.example"


def once(port: int) -> None:
    """The whole main job without a person: heard, spotted, said, seen, on the record."""
    began = time.monotonic()
    start = datetime.now(UTC) - timedelta(hours=HOURS)
    with desk(port) as processes, networks(processes, patient=True) as states:
        write_stream(processes, start)
        processes.run(*replay("--speed", "max", "--json"))
        processes.start("worker", [sys.executable, "-m", "commonground", "work"])
        truth = json.loads(processes.desk(
            "train", "scenario", SCENARIO, "--ground-truth", "--start", start.isoformat()
        ))  # fmt: skip
        base = f"http://localhost:{port}"
        author = people.Person(base, AUTHOR, PASSWORD)
        approver = people.Person(base, APPROVER, PASSWORD)
        told = reported(processes)
        words = tomllib.loads((Path(__file__).parent / "words.toml").read_text())
        events = {name: moment_of(told["moments"], truth, name) for name in words}
        for name, moment in events.items():
            if moment:
                post = people.draft(author, moment["id"], words[name])
                people.approve(approver, post)
                people.wait_until_seen(author, post)
        summary = summed(reported(processes), events, states)
        summary["feeds"] = feeds(base, [w["title"] for w in words.values()])
        summary["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(summary, ensure_ascii=False, indent=2))
    if missing := unfulfilled(summary):
        sys.exit("The demo is not whole: " + "; ".join(missing))


def reported(processes: Processes) -> dict[str, Any]:
    said = processes.run(sys.executable, "-m", "tools.demo.desk", "report")
    return dict(json.loads(said))


def moment_of(
    moments: list[dict[str, Any]], truth: list[dict[str, Any]], name: str
) -> dict[str, Any] | None:
    """The first moment that opened within six hours of what really happened, in its words."""
    event = next(e for e in truth if e["event"] == name)
    onset = datetime.fromisoformat(event["onset"])
    for moment in moments:
        late = datetime.fromisoformat(moment["opened_at"]) - onset
        words = " ".join([moment["label"], *moment["terms"]]).casefold()
        if timedelta() <= late <= timedelta(hours=6) and any(
            term.casefold() in words for term in event["event_terms"]
        ):
            return {**moment, "minutes_after_onset": round(late.total_seconds() / 60, 1)}
    return None


def summed(
    told: dict[str, Any], events: dict[str, dict[str, Any] | None], states: dict[str, str]
) -> dict[str, Any]:
    posts = {post["moment"]: post for post in told["posts"]}
    return {
        "agency": told["agency"],
        "moments": [
            {"event": name, **moment, "post": posts.get(moment["id"])} if moment
            else {"event": name, "missed": True}
            for name, moment in events.items()
        ],
        "other_moments": [
            m["label"] for m in told["moments"]
            if m["id"] not in {e["id"] for e in events.values() if e}
        ],
        "channels": states,
        "record_entries": told["record_entries"],
        "record_verified": told["record_verified"],
    }  # fmt: skip


def feeds(base: str, titles: list[str]) -> dict[str, bool]:
    """Whether each public feed carries every headline."""
    found = {}
    for path in ("/newsroom/", "/newsroom/rss.xml", "/newsroom/atom.xml", "/newsroom/feed.json"):
        with urllib.request.urlopen(base + path, timeout=20) as answer:
            text = answer.read().decode().replace("&#x27;", "'").replace("&apos;", "'")
        found[path] = all(title in text for title in titles)
    return found


def unfulfilled(summary: dict[str, Any]) -> list[str]:
    """What of the main job did not come about, in words."""
    missing = [
        f"the feed {path} lacks a headline" for path, all_ in summary["feeds"].items() if not all_
    ]
    for moment in summary["moments"]:
        name, post = moment["event"], moment.get("post")
        if not post:
            missing.append(f"nothing was said about the {name}")
            continue
        if not moment["resources"]:
            missing.append(f"no help was offered for the {name}")
        missing += [
            f"the post about the {name} was not seen on {c['name']}"
            for c in post["channels"]
            if not c["seen_at"]
        ]
    return missing if summary["record_verified"] else [*missing, "the record does not verify"]
