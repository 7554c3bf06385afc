"""A small web of pages on this machine, for links to lead to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Web:
    url: str
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, body: bytes | str, kind: str = "text/html; charset=utf-8") -> str:
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = (200, {"Content-Type": kind}, content)
        return self.url + path

    def send_on(self, path: str, to: str) -> str:
        self.pages[path] = (302, {"Location": to}, b"")
        return self.url + path


@contextmanager
def web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked.append(self.path)
            status, headers, body = there.pages.get(self.path, (404, {}, b"Nothing."))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there = Web(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes every call and never says a word."""
    door = socket.create_server(("127.0.0.1", 0))
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}/road"
    finally:
        door.close()


def page(title: str, about: str = "", picture: str = "") -> str:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>The site</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta property="og:description" content="{about}">'
        f'<meta property="og:image" content="{picture}"></head><body>Words.</body></html>'
    )
