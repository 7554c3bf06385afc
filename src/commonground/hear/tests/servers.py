"""Servers on this machine that speak as the networks do, and a line to them that breaks."""

import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

type Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def web(answer: Callable[[str, dict[str, str]], Answer]) -> Iterator[str]:
    """A web server: `answer` is given the path and the headers, their names in small letters."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name.lower(): value for name, value in self.headers.items()}
            status, headers, body = answer(self.path, asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # the line may be cut
                self.wfile.write(body)

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with served(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


@contextmanager
def served(server) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        if hasattr(server, "server_close"):
            server.server_close()
        thread.join(5)


@contextmanager
def jetstream(frames: Callable[[str], list[dict]], path: str = "/subscribe") -> Iterator[str]:
    """A Jetstream that sends these frames to whoever asks, and then ends."""

    def handle(connection) -> None:
        with suppress(ConnectionClosed):
            for frame in frames(connection.request.path):
                connection.send(json.dumps(frame))
            time.sleep(0.3)

    with serve(handle, "127.0.0.1", 0) as server, served(server):
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}{path}"


@contextmanager
def log_of(frames: list[dict], place_of: Callable[[dict], int], path: str) -> Iterator[str]:
    """A stream with a memory: from the cursor asked for to the end, and then it stays open."""

    def handle(connection) -> None:
        asked = parse_qs(urlsplit(connection.request.path).query)
        after = int(asked.get("cursor", ["0"])[0])
        with suppress(ConnectionClosed):
            for frame in frames:
                if place_of(frame) >= after:
                    connection.send(json.dumps(frame))
            connection.recv()  # until the client goes

    def choose(connection, offered):
        return "xrpc.v1.json" if "xrpc.v1.json" in offered else None

    with (
        serve(handle, "127.0.0.1", 0, select_subprotocol=choose, compression=None) as server,
        served(server),
    ):
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}{path}"


def first_version(key: str, text: str = "", *, operation: str = "create", at: float = 0.0) -> dict:
    commit = {"operation": operation, "collection": "app.bsky.feed.post", "rkey": key}
    if text:
        commit["record"] = {"text": text, "langs": ["en"]}
    micros = int((at or time.time()) * 1e6)
    return {"did": "did:plc:a", "time_us": micros, "kind": "commit", "commit": commit}


def second_version(seq: int, key: str, text: str = "", *, operation: str = "create") -> dict:
    payload = {
        "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": seq,
        "time": timezone.now().isoformat(), "did": "did:plc:a", "operation": operation,
        "collection": "app.bsky.feed.post", "rkey": key,
    }  # fmt: skip
    if text:
        payload["record"] = {"text": text, "langs": ["en"]}
    return {"$type": "message", "payload": payload}


class BreakingLine:
    """A line to a server that is cut, in the middle of whatever it carries, so many times.

    Cut as a cable is: both ends get a reset. Where it is cut is chance, but always the same.
    """

    def __init__(self, port: int, cuts: int, least: int, most: int) -> None:
        """Until it was cut so often, each connection carries from `least` to `most` bytes to us."""
        self.target, self.cuts, self.cut = port, cuts, 0
        self.least, self.most = least, most
        self.chance = random.Random(7)  # noqa: S311 - a test that fails must fail again
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = 0

    def run(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            bytes_left = (
                self.chance.randint(self.least, self.most) if self.cut < self.cuts else None
            )
            threading.Thread(target=self.carry, args=(near, bytes_left), daemon=True).start()

    def carry(self, near: socket.socket, bytes_left: int | None) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.target)) as far:
            threading.Thread(target=pump, args=(near, far), daemon=True).start()
            while chunk := far.recv(4096):
                if bytes_left is not None and len(chunk) >= bytes_left:
                    near.sendall(chunk[:bytes_left])
                    time.sleep(0.001)  # what was sent arrives before the line is dead
                    self.cut += 1
                    reset(near)
                    reset(far)
                    return
                near.sendall(chunk)
                bytes_left = bytes_left and bytes_left - len(chunk)
        near.close()


def pump(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while chunk := here.recv(4096):
            there.sendall(chunk)
        there.shutdown(socket.SHUT_WR)


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # The other thread may hold it open in recv; this wakes it, and then it is really closed.
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RD)
    sock.close()


@contextmanager
def breaking(
    address: str, *, cuts: int, least: int, most: int
) -> Iterator[tuple[str, BreakingLine]]:
    """The address of a line to that server, and the line itself."""
    place = urlsplit(address)
    line = BreakingLine(place.port or 0, cuts, least, most)
    thread = threading.Thread(target=line.run, daemon=True)
    thread.start()
    try:
        yield address.replace(f":{place.port}", f":{line.port}"), line
    finally:
        with suppress(OSError):
            line.listener.shutdown(socket.SHUT_RDWR)
        line.listener.close()
        thread.join(5)


class Recorder:
    """A listener that only writes down what it is told: what SPOT would have counted."""

    told: list[str] = []
    forgotten: set[str] = set()

    def __init__(self, agency, topics) -> None: ...

    def listen(self, heard):
        Recorder.told += [post.upstream for post in heard.posts]
        return []

    def rest(self) -> None: ...

    def finish(self):
        return []

    def play(self, clock) -> None:
        pass

    def learn(self, heard) -> None:
        pass

    def forget(self, upstreams, page: str = "") -> None:
        Recorder.forgotten |= set(upstreams)
