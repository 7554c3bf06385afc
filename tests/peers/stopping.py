"""Stops everything while twenty requests are under way to a slow server, and kills the worker in
the middle. Prints what the server was asked, and what the desk says of it, as JSON.

    python -m tests.peers.stopping '{"url": ""}' FOLDER
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs

from django.utils import timezone

WISH: dict[str, Any] = {"url": "", "in_flight": 20, "waiting": 10}
ROOT = Path(__file__).parents[2]
ACCOUNT = {"id": "7", "username": "desk", "acct": "desk"}
SIGN_IN = {"token": "slow", "client_key": "app", "client_secret": "hush"}


class Slow:
    """A server of Mastodon's language that takes a post at once, and answers when it is let."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.asked: list[float] = []  # when each request to post arrived
        self.answered = 0
        self.revoked_at: float | None = None
        self.lock, self.let = Lock(), Event()
        self.server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Bound", (Handler,), {"slow": self})
        )
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, body: bytes, kind: str) -> dict[str, Any]:
        """The post is public from here on, whatever comes of the answer."""
        said = json.loads(body) if "json" in kind else parse_qs(body.decode())
        text = said["status"] if isinstance(said["status"], str) else said["status"][0]
        with self.lock:
            self.asked.append(time.time())
            number = str(len(self.asked))
            post = {
                "id": number, "url": f"{self.url}/@desk/{number}", "content": f"<p>{text}</p>",
                "created_at": timezone.now().isoformat(), "visibility": "public",
                "account": ACCOUNT,
            }  # fmt: skip
            self.posts.append(post)
            return post


class Handler(BaseHTTPRequestHandler):
    slow: Slow

    def do_GET(self) -> None:
        if self.slow.revoked_at:
            self.say({"error": "The access token was revoked"}, 401)
        elif "statuses" in self.path:
            self.say(list(reversed(self.slow.posts)) if "max_id" not in self.path else [])
        else:
            self.say({**ACCOUNT, "url": f"{self.slow.url}/@desk"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path.startswith("/oauth/revoke"):
            self.slow.revoked_at = time.time()
            self.say({})
            return
        post = self.slow.take(body, self.headers["Content-Type"])
        self.slow.let.wait(300)
        with self.slow.lock:
            self.slow.answered += 1
        self.say(post)

    def say(self, said: Any, status: int = 200) -> None:
        raw = json.dumps(said).encode()
        with suppress(OSError):  # whoever asked may have died
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        return


def until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def environment(folder: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "COMMONGROUND_DATABASE_URL": url or f"sqlite:///{folder}/desk.sqlite3",
        "COMMONGROUND_UNDO_SECONDS": "0", "COMMONGROUND_HANDS": "60", "COMMONGROUND_BURST": "0",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip


def found(address: str, posts: int) -> None:
    """An agency, one account on the slow server, and so many posts that are due."""
    import django

    django.setup()
    from django.core.management import call_command

    from tests import given

    call_command("migrate", verbosity=0)
    author = given.a_member()
    channel = given.a_channel(
        agency=author.agency, network="mastodon", address=address, secrets=SIGN_IN,
        authorised=[author],
    )  # fmt: skip
    for number in range(posts):
        given.an_approved_post(by=author, channels=[channel], text=f"Road {number} is closed.")


class Desk:
    """One worker at a time, and the command line, on one database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.where, self.log = environment(folder, url), folder / "log"
        self.worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "commonground", "work"]
            self.worker = subprocess.Popen(
                command, env=self.where, cwd=ROOT, stdout=log, stderr=log
            )

    def end(self, how: signal.Signals) -> None:
        if self.worker:
            self.worker.send_signal(how)
            self.worker.wait(60)

    def say(self, *words: str) -> Any:
        command = [sys.executable, "-m", "commonground", "protect", *words, "--json"]
        done = subprocess.run(command, env=self.where, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)[0]


def run(wish: dict[str, Any], folder: Path) -> dict[str, Any]:
    os.environ.update(environment(folder, wish["url"]))
    slow, desk = Slow(), Desk(folder, wish["url"])
    found(slow.url, wish["in_flight"] + wish["waiting"])
    desk.start()
    try:
        if not until(lambda: len(slow.asked) >= wish["in_flight"], 60):
            return {"trouble": f"only {len(slow.asked)} were sent"}
        return stopped_in_the_middle(slow, desk)
    finally:
        slow.let.set()
        desk.end(signal.SIGTERM)


def stopped_in_the_middle(slow: Slow, desk: Desk) -> dict[str, Any]:
    under_way = len(slow.asked) - slow.answered
    told = desk.say("stop", "--reason", "Hacked?")
    since = datetime.fromisoformat(told["since"]).timestamp()
    answered = slow.answered  # none: the worker dies while all of them are on the wire
    desk.end(signal.SIGKILL)
    desk.start()
    time.sleep(6)
    slow.let.set()
    until(lambda: slow.revoked_at is not None, 90)
    until(lambda: desk.say("status")["sign_ins"][0]["state"] != "about to end", 30)
    after = desk.say("status")
    return {
        "under_way_at_the_stop": under_way,
        "answered_at_the_kill": answered,
        "asked": len(slow.asked),
        "asked_after_the_stop": sum(at > since for at in slow.asked),
        "asked_after_five_seconds": sum(at > since + 5 for at in slow.asked),
        "listed": len(told["on_the_wire"]),
        "listed_after": after["on_the_wire"],
        "sign_in": after["sign_ins"][0]["state"],
        "revoked_after": round(slow.revoked_at - since, 1) if slow.revoked_at else None,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run({**WISH, **json.loads(sys.argv[1])}, Path(sys.argv[2]))))
