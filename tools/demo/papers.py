"""Three invented outlets of the demo's city, with feeds and pages, on this machine.

    python -m tools.demo.papers

Serves until it is stopped. What they write is in papers.toml; days are counted back from today.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PORT = 8906
WRITTEN = tomllib.loads((Path(__file__).parent / "papers.toml").read_text())


def address(outlet: str, article: str = "feed") -> str:
    return f"http://127.0.0.1:{PORT}/{outlet}/{article}"


def feed(name: str, outlet: dict[str, Any], now: datetime) -> bytes:
    rows = "".join(
        f"<item><title>{escape(a['headline'])}</title><link>{address(name, key)}</link>"
        f"<description>{escape(a['text'].strip().splitlines()[0])}</description>"
        f"<pubDate>{format_datetime(printed_at(a, now))}</pubDate></item>"
        for key, a in outlet["article"].items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(outlet['name'])}</title>{rows}</channel></rss>"
    ).encode()


def printed_at(article: dict[str, Any], now: datetime) -> datetime:
    return now - timedelta(hours=article["hours_ago"])


def page(outlet: dict[str, Any], article: dict[str, Any]) -> bytes:
    told = "".join(f"<p>{escape(words)}</p>" for words in article["text"].strip().splitlines())
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        f"<title>{escape(article['headline'])}</title></head><body><nav><a href=/>Home</a> "
        "<a href=/sport>Sport</a></nav><main><article>"
        f"<h1>{escape(article['headline'])}</h1>{told}</article></main>"
        f"<footer>{escape(outlet['name'])}. Read also: our ten best beaches.</footer></body></html>"
    ).encode()


def found(path: str, now: datetime) -> tuple[str, bytes] | None:
    name, _, key = path.strip("/").partition("/")
    outlet = WRITTEN["outlet"].get(name)
    if outlet is None:
        return None
    if key == "feed":
        return "application/rss+xml", feed(name, outlet, now)
    article = outlet["article"].get(key)
    return ("text/html; charset=utf-8", page(outlet, article)) if article else None


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        told = found(self.path, datetime.now(UTC))
        self.send_response(200 if told else 404)
        kind, body = told or ("text/plain", b"Nothing is here.")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


def server() -> ThreadingHTTPServer:
    return ThreadingHTTPServer(("127.0.0.1", PORT), Handler)


@contextmanager
def printed() -> Iterator[None]:
    """They can be read until this ends."""
    with server() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            running.shutdown()
            thread.join(5)


if __name__ == "__main__":
    server().serve_forever()
