"""Sets the stage: a desk with its agency, its networks, and a stream to hear."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.peers import peers
from tools.demo.processes import Processes

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".desk/demo"
DESK = HOME / "desk.sqlite3"
FOUNDED = ROOT / ".desk/founded"
STATIC = ROOT / ".desk/static"
PASSWORD = "harbour lights 2026"
SCENARIO = "harbour"
STREAM = HOME / "harbour.jsonl"  # the name its source has on the desk
# SQLite's own way to copy a database with what still stands in its journal.
BACKUP = "import sqlite3, sys; a, b = map(sqlite3.connect, sys.argv[1:]); a.backup(b)"


@contextlib.contextmanager
def desk(port: int) -> Iterator[Processes]:
    """A new desk with the demo agency in it, its web server running."""
    with alone(ROOT / ".desk"):
        must_be_free(port)
        yield from a_desk(port)


def a_desk(port: int) -> Iterator[Processes]:
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    processes = Processes(settings(port), HOME / "logs")
    try:
        found(processes)
        processes.start("web", [
            str(Path(sys.executable).with_name("granian")), "--interface", "asginl",
            "--host", "127.0.0.1", "--port", str(port), "--workers-kill-timeout", "2",
            "--no-ws", "commonground.asgi:application",
        ])  # fmt: skip
        processes.start("papers", [sys.executable, "-m", "tools.demo.papers"])
        wait_for_page(processes, port)
        yield processes
    finally:
        processes.stop()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two demos of one folder would pull the desk from under each other."""
    folder.mkdir(exist_ok=True)
    with (folder / "demo-lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("A demo runs from this folder already. Stop it with Ctrl-C first.")
        yield


def must_be_free(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            other = f"./run demo --port {port + 1}"
            sys.exit(f"Something else listens on port {port}. Choose another: {other}")


def found(processes: Processes) -> None:
    """The agency's desk as it is on its first day. Made once a day for each version of the code."""
    ready = FOUNDED / f"{version('*.py', '*.toml')}-{date.today()}.sqlite3"
    if not ready.exists():
        shutil.rmtree(FOUNDED, ignore_errors=True)
        FOUNDED.mkdir(parents=True)
        processes.desk("migrate", "--verbosity", "0")
        processes.run(sys.executable, "-m", "tools.demo.past", PASSWORD)
        processes.run(sys.executable, "-m", "tools.demo.asking")
        processes.run(sys.executable, "-c", BACKUP, str(DESK), str(ready))
    shutil.copy(ready, DESK)
    collect_static(processes)


def version(*patterns: str) -> str:
    folders = (ROOT / "src", ROOT / "tools/demo")
    files = [p for f in folders for pattern in patterns for p in f.rglob(pattern) if p.is_file()]
    return str(max(p.stat().st_mtime_ns for p in files))


def settings(port: int) -> dict[str, str]:
    return {
        **os.environ,
        "COMMONGROUND_DATABASE_URL": f"sqlite:///{DESK}",
        "COMMONGROUND_SITE_URL": f"http://localhost:{port}",
        "COMMONGROUND_HOSTS": "localhost,127.0.0.1",
        "COMMONGROUND_STATIC_ROOT": str(STATIC),
        "COMMONGROUND_ALLOW_PRIVATE_ADDRESSES": "yes",  # the demo's networks are on this machine
        "COMMONGROUND_UNDO_SECONDS": "5",
        # Everybody here comes with a new browser, and nobody is there to vouch for it.
        "COMMONGROUND_FIRST_DEVICE": "no",
        "COMMONGROUND_SECRET_KEY": secret(),
    }


def secret() -> str:
    """One for all demos of this checkout: the founded desk was sealed with it."""
    kept = ROOT / ".desk/demo-secret"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def collect_static(processes: Processes) -> None:
    """Style sheets and scripts, once for each version of them."""
    made_from, now = STATIC / ".made-from", version("static/**/*")
    if not made_from.exists() or made_from.read_text() != now:
        processes.desk("collectstatic", "--noinput", "--clear", "--verbosity", "0")
        made_from.write_text(now)


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
                "secrets": {"app_password": account.password},
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


def write_stream(processes: Processes, start: datetime) -> None:
    STREAM.write_text(processes.desk("train", "scenario", SCENARIO, "--start", start.isoformat()))


def replay(*how: str) -> list[str]:
    command = [sys.executable, "-m", "commonground", "hear", "replay", str(STREAM)]
    return [*command, "--agency", "port-sable", *how]


def installed(name: str) -> bool:
    return (ROOT / ".peers" / name / "installed").exists()
