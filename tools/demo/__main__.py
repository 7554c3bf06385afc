"""`./run demo`: a desk with a demo agency, and a moment that happens while you watch.

./run demo          until Ctrl-C, on http://localhost:8000
./run demo --once   headless: the whole main job to its end, then one JSON summary
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.peers import peers
from tools.demo import people
from tools.demo.processes import Processes

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".desk/demo"
STATIC = ROOT / ".desk/static"
PASSWORD = "harbour lights 2026"
SCENARIO = "harbour"
AUTHOR, APPROVER = "luc.tremaine@harbour.example", "ines.calloway@harbour.example"
HOURS = 72
CRASH_AT = timedelta(hours=63)  # into the scenario: what a visitor sees happen
SEEN_AHEAD = timedelta(minutes=45)  # of stream time, played fast, before it meets the clock
SPEED = 30


def main() -> None:
    arguments = parsed()
    # Both ways of being told to stop unwind the same way, so that no child outlives us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        once(arguments.port) if arguments.once else show(arguments.port)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="headless, to its end")
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args()


@contextlib.contextmanager
def desk(port: int, start: datetime) -> Iterator[Processes]:
    """A new desk with the demo agency in it: web and worker are running."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    processes = Processes(settings(port), HOME / "logs")
    try:
        processes.desk("migrate", "--verbosity", "0")
        processes.desk("train", "found", SCENARIO, "--password", PASSWORD)
        collect_static(processes)
        processes.start("web", [
            str(Path(sys.executable).with_name("granian")), "--interface", "asginl",
            "--host", "127.0.0.1", "--port", str(port), "--workers-kill-timeout", "2",
            "--no-ws", "commonground.asgi:application",
        ])  # fmt: skip
        stream = processes.desk("train", "scenario", SCENARIO, "--start", start.isoformat())
        (HOME / "stream.jsonl").write_text(stream)
        wait_for_page(processes, port)
        yield processes
    finally:
        processes.stop()


def settings(port: int) -> dict[str, str]:
    return {
        **os.environ,
        "COMMONGROUND_DATABASE_URL": f"sqlite:///{HOME}/desk.sqlite3",
        "COMMONGROUND_SITE_URL": f"http://localhost:{port}",
        "COMMONGROUND_HOSTS": "localhost,127.0.0.1",
        "COMMONGROUND_STATIC_ROOT": str(STATIC),
        "COMMONGROUND_ALLOW_PRIVATE_ADDRESSES": "yes",  # the demo's networks are on this machine
        "COMMONGROUND_UNDO_SECONDS": "5",
        "COMMONGROUND_SECRET_KEY": "",  # a real one is made beside the demo's database
    }


def collect_static(processes: Processes) -> None:
    """Style sheets and scripts, once for each version of them."""
    files = [p for p in (ROOT / "src").rglob("static/**/*") if p.is_file()]
    version = str(max(p.stat().st_mtime_ns for p in files))
    made_from = STATIC / ".made-from"
    if not made_from.exists() or made_from.read_text() != version:
        processes.desk("collectstatic", "--noinput", "--clear", "--verbosity", "0")
        made_from.write_text(version)


def wait_for_page(processes: Processes, port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and not processes.ended():
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/newsroom/", timeout=5).close()
            return
        time.sleep(0.1)
    log = (HOME / "logs/web.log").read_text()[-2000:]
    sys.exit(f"The web server did not come up on port {port}. Is it taken?\n{log}")


@contextlib.contextmanager
def networks(processes: Processes, *, patient: bool) -> Iterator[dict[str, str]]:
    """Sign in the newsroom, and a real Mastodon API and Bluesky server where they can be had."""
    states: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        logins: list[dict[str, Any]] = [{"network": "site"}]
        if server := offered(stack, peers.mastodon_mock(), states, "mastodon"):
            logins.append({
                "network": "mastodon", "address": server.url, "handle": server.username,
                "secrets": {"token": server.token},
            })  # fmt: skip
        if patient and (server := offered(stack, peers.bluesky_pds(), states, "bluesky")):
            account = server.account("portsable")
            logins.append({
                "network": "bluesky", "address": server.url, "handle": account.handle,
                "secrets": {"password": account.password},
            })  # fmt: skip
        signed_in = processes.run(
            sys.executable, "-m", "tools.demo.desk", "channels", json.dumps(logins)
        )
        yield states | json.loads(signed_in)


def offered(
    stack: contextlib.ExitStack, peer: contextlib.AbstractContextManager[Any],
    states: dict[str, str], name: str,
) -> Any:  # fmt: skip
    try:
        return stack.enter_context(peer)
    except peers.Unavailable as why:
        states[name] = f"not reachable here: {why}"
        return None


def replay(processes: Processes, *how: str) -> list[str]:
    path = str(HOME / "stream.jsonl")
    slug = "port-sable"
    return [sys.executable, "-m", "commonground", "hear", "replay", path, "--agency", slug, *how]


def show(port: int) -> None:
    """For a person: the past at once, the crash of tonight at thirty times its pace, then live."""
    began = time.monotonic()
    now = datetime.now(UTC)
    with desk(port, now - CRASH_AT - SEEN_AHEAD / 3) as processes:
        tell(port, time.monotonic() - began)
        processes.start("worker", [sys.executable, "-m", "commonground", "work"])
        live_from = (now - SEEN_AHEAD).isoformat()
        pace = ["--speed", str(SPEED), "--live-from", live_from]
        processes.start("stream", replay(processes, *pace))
        with networks(processes, patient=installed("bluesky")) as states:
            for name, state in states.items():
                print(f"  {name}: {state}", flush=True)
            print("\nCtrl-C stops all of it.", flush=True)
            while not (ended := processes.ended()):
                time.sleep(0.5)
            sys.exit(f"The {ended} process ended by itself: see {HOME}/logs/{ended}.log")


def installed(name: str) -> bool:
    return (ROOT / ".peers" / name / "installed").exists()


def tell(port: int, seconds: float) -> None:
    print(f"""
Commonground is running (ready in {seconds:.0f} s):  http://localhost:{port}

  Sign in with the password  {PASSWORD}
    luc.tremaine@harbour.example     writes posts (in French, if you like)
    ines.calloway@harbour.example    approves them
    jonas.petrie@harbour.example     administrator: channels, sources, members
    hana.quill@harbour.example       records officer
    ruth.ansel@harbour.example       auditor: sees all, changes nothing
  What the public sees needs no sign-in: http://localhost:{port}/newsroom/

A city's last three days are being replayed. A video has been everywhere since yesterday;
within two minutes a crash will be. Open http://localhost:{port} and see what you would say.
""", flush=True)  # fmt: skip


def once(port: int) -> None:
    """The whole main job without a person: heard, spotted, said, seen, on the record."""
    began = time.monotonic()
    start = datetime.now(UTC) - timedelta(hours=HOURS)
    with desk(port, start) as processes, networks(processes, patient=True) as states:
        processes.run(*replay(processes, "--speed", "max", "--json"))
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
    sys.exit(0 if whole(summary) else 1)


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


def whole(summary: dict[str, Any]) -> bool:
    """Both moments found, answered with a resource, seen on every channel; feeds and record whole."""
    answered = [m.get("post") for m in summary["moments"]]
    return bool(
        all(answered)
        and all(m["resources"] for m in summary["moments"])
        and all(c["seen_at"] for p in answered if p for c in p["channels"])
        and all(summary["feeds"].values())
        and summary["record_verified"]
    )


if __name__ == "__main__":
    main()
