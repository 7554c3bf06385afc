"""What asking costs: one account what people wrote, what it says in public, and a news feed.

./run bench polls [--rounds 100] [--json FILE]

Milliseconds of our own processor for one question, of whose answer nothing is new (a feed also when
it is). Servers are real ones on loopback; the database is PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.peers import peers

ARTICLES = 40


def main(words: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run bench polls", description=__doc__)
    asked.add_argument("--rounds", type=int, default=100)
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="polls-"))
        set_up(stack.enter_context(peers.postgresql()).url(), folder)
        account = stack.enter_context(peers.mastodon_mock())
        told = {"rounds": wish.rounds, "load": os.getloadavg()[0], "cores": os.cpu_count(),
                "ms": measured(account, wish.rounds)}  # fmt: skip
    print(json.dumps(told, indent=2))
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=2) + "\n")
    return 0


def set_up(url: str, folder: str) -> None:
    os.environ |= {
        "COMMONGROUND_DATABASE_URL": url, "COMMONGROUND_RECORD_FOLDER": folder,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def measured(server: peers.MastodonServer, rounds: int) -> dict[str, float]:
    from tests import given

    from commonground.answer.models import Line
    from commonground.answer.tasks import hear
    from commonground.protect.models import Lookout
    from commonground.say.tasks.watching import look

    channel = given.a_channel(network="mastodon", address=server.url,
                              secrets={"token": server.token})  # fmt: skip
    line = Line.objects.create(channel=channel)
    lookout = Lookout.objects.create(channel=channel)
    with feeds() as (same, new):
        return {
            "ask": timed(lambda: hear(line), rounds),
            "look": timed(lambda: look(lookout), rounds, before=lambda: due_again(lookout)),
            "feed_same": timed(lambda: follow(same), rounds),
            "feed_new": timed(lambda: follow(new), rounds),
        }


def follow(source: Any) -> None:
    from commonground.hear.listening.feeds import looked

    for _item, cursor in looked(source):
        source.cursor = cursor or source.cursor


def due_again(lookout: Any) -> None:
    """As if its last look were long ago: else it would not be looked at."""
    type(lookout).objects.filter(pk=lookout.pk).update(looked_at=None)
    lookout.refresh_from_db()


def timed(
    act: Callable[[], object], rounds: int, before: Callable[[], object] = lambda: None
) -> float:
    """The middle one, of this thread alone: what a server of ours takes is its own."""
    took = []
    for _ in range(rounds + 3):
        before()
        began = time.thread_time()
        act()
        took.append(1000 * (time.thread_time() - began))
    return round(statistics.median(took[3:]), 2)


class Paper(BaseHTTPRequestHandler):
    """A newspaper's feed: one that never changes after it was read, and one that always does."""

    edition = 0

    def do_GET(self) -> None:
        if "same" in self.path and self.headers.get("If-None-Match"):
            self.send_response(304)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        Paper.edition += 1
        body = feed(Paper.edition).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{Paper.edition}"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


def feed(edition: int) -> str:
    from django.utils import timezone

    at = timezone.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
    items = "".join(
        f"<item><title>Bridge closed, {edition}.{n}</title><guid>{edition}-{n}</guid>"
        f"<link>https://paper.example/{edition}/{n}</link><pubDate>{at}</pubDate><description>"
        f"{'The bridge over the harbour is closed until further notice. ' * 6}</description></item>"
        for n in range(ARTICLES)
    )
    return f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'


@contextmanager
def feeds() -> Iterator[tuple[Any, Any]]:
    """Two sources, of a server that ends with us."""
    from tests import given

    from commonground.hear.models import Source

    server = ThreadingHTTPServer(("127.0.0.1", 0), Paper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address, agency = f"http://127.0.0.1:{server.server_port}", given.an_agency()
    same, new = (
        Source.objects.create(agency=agency, name=name, kind="feed", address=f"{address}/{name}")
        for name in ("same", "new")
    )
    try:
        yield same, new
    finally:
        server.shutdown()
        server.server_close()
