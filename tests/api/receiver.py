"""A small server elsewhere that is told what happens: it checks each signature itself, and can be
as rude as servers are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Hand"], None]


def ok(hand: Hand) -> None:
    hand.send_response(204)
    hand.end_headers()


def breaks(hand: Hand) -> None:
    hand.send_response(500)
    hand.send_header("Content-Length", "0")
    hand.end_headers()


def busy(hand: Hand) -> None:
    hand.send_response(503)
    hand.send_header("Retry-After", "1800")
    hand.send_header("Content-Length", "0")
    hand.end_headers()


def sends_on(hand: Hand) -> None:
    """To whatever else listens on this machine."""
    hand.send_response(307)
    hand.send_header("Location", f"http://127.0.0.1:{hand.server.server_port}/inside")
    hand.send_header("Content-Length", "0")
    hand.end_headers()


def never_ends(hand: Hand) -> None:
    hand.send_response(200)
    hand.end_headers()
    block = b"x" * 65536
    for _ in range(100_000):  # six gigabytes
        hand.wfile.write(block)


def hangs(hand: Hand) -> None:
    hand.server.over.wait(60)


def hangs_up(hand: Hand) -> None:
    hand.connection.close()


class Hand(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.paths.append(self.path)
        if self.server.is_signed(self.headers, body):
            self.server.heard.append((self.headers["webhook-id"], json.loads(body)))
        else:
            self.server.unsigned.append(body)
        try:
            self.server.answer(self)
        except OSError:
            self.server.cut = True  # whoever was telling us hung up

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        ok(self)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hand)
        self.secret, self.answer = "", ok
        self.heard: list[tuple[str, dict]] = []
        self.unsigned: list[bytes] = []
        self.paths: list[str] = []
        self.cut, self.over = False, threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/told"

    @property
    def events(self) -> list[str]:
        return [told["type"] for _name, told in self.heard]

    def is_signed(self, headers, body: bytes) -> bool:
        """As the standard says, written without our code."""
        if abs(time.time() - int(headers["webhook-timestamp"])) > 300:
            return False
        said = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(),
                          body])  # fmt: skip
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        ours = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
        return any(
            hmac.compare_digest(one.removeprefix("v1,"), ours)
            for one in headers["webhook-signature"].split()
        )

    def handle_error(self, request, client_address) -> None:
        """A line that was cut is no news here."""


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
