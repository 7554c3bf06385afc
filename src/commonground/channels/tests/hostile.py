"""A server that does everything wrong, one wrong at a time, on loopback."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

Behaviour = Callable[[socket.socket], None]


def answer(body: bytes | Any = b"", status: str = "200 OK", **headers: str) -> Behaviour:
    """A whole answer; whatever is not bytes becomes JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    said = {"Content-Type": "application/json", "Content-Length": str(len(raw))}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return lambda line: line.sendall(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + raw)


def refusal(status: int, **headers: str) -> Behaviour:
    return answer({"error": "No.\x00\u202e"}, f"{status} Whatever", **headers)


def reset(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def reset_in_mid_answer(line: socket.socket) -> None:
    line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id": "1"')
    time.sleep(0.05)
    reset(line)


def drip(line: socket.socket, start: bytes, letter: bytes) -> None:
    line.sendall(start)
    for _ in range(60):
        line.sendall(letter)
        time.sleep(0.05)


def endless(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    for _ in range(2000):
        line.sendall(b" " * 65_536)


# Nobody can tell from these whether the post is out.
NO_ANSWER: dict[str, Behaviour] = {
    "hangs up": lambda line: None,
    "resets": reset,
    "resets in mid answer": reset_in_mid_answer,
    "stops in mid JSON": answer(b'{"id": "1", "content": "<p>He'),
    "sends less than it said": answer(b'{"id": "1"}', Content_Length="500"),
    "sends a page": answer(b"<html>Welcome!</html>", Content_Type="text/html"),
    "sends nothing at all": answer(b""),
    "sends null": answer(None),
    "sends a list": answer([1, 2, 3]),
    "sends a word": answer("ok"),
    "sends an empty object": answer({}),
    "sends an empty id": answer({"id": "", "uri": "", "cid": "", "content": "", "url": ""}),
    "sends an id with a path": answer(
        {"id": "../1", "uri": "at://a/b/../c", "cid": "x", "content": "", "url": "https://x"}
    ),
    "sends wrong types": answer({"id": {}, "uri": 7, "cid": [], "content": 7, "url": {}}),
    "sends an error as a success": answer({"error": "It went wrong."}),
    "nests too deep": answer(b"[" * 100_000),
    "sends half a letter": answer(b'{"id": "\xff\xfe"}'),
    "sends a lone surrogate": answer(b'{"id": "\\ud800", "uri": "\\ud800", "cid": "\\ud800"}'),
    "sends a bomb": answer(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"),
    "never ends": endless,
    "is not a web server": lambda line: line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "has too many headers": lambda line: line.sendall(
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 50_000
    ),
    "breaks": answer(b"<h1>500</h1>", "500 Broken", Content_Type="text/html"),
    "has a bad gateway": refusal(502),
    "is not available": refusal(503, Retry_After="1000000000"),
    "has a slow gateway": refusal(504),
    "timed out": refusal(408),
}

# From these neither, and they would keep us waiting.
SLOW: dict[str, Behaviour] = {
    "says nothing": lambda line: time.sleep(3),
    "drips its body": lambda line: drip(
        line, b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b" "
    ),
    "drips its headers": lambda line: drip(line, b"HTTP/1.1 200 OK\r\nX-Long: ", b"a"),
}

# These certainly did nothing, and may do it later.
NOT_NOW: dict[str, Behaviour] = {
    "is busy": refusal(429),
    "is busy for a minute": refusal(429, Retry_After="60"),
    "is busy for decades": refusal(429, Retry_After="1000000000"),
    "is busy until yesterday": refusal(429, Retry_After="-86400"),
    "is busy until 1970": refusal(429, Retry_After="Thu, 01 Jan 1970 00:00:00 GMT"),
    "is busy until soon": refusal(429, Retry_After="soon"),
    "redirects to itself": lambda line: answer(b"", "301 Moved", Location="/")(line),
    "redirects within": answer(b"", "302 Found", Location="http://127.0.0.1:1/"),
}

NEVER: dict[str, Behaviour] = {
    "did not understand": refusal(400),
    "finds it too large": refusal(413),
    "finds it invalid": refusal(422),
    "is a teapot": answer(b"<h1>418</h1>", "418 Teapot", Content_Type="text/html"),
}

STRANGER: dict[str, Behaviour] = {"does not know us": refusal(401), "bars us": refusal(403)}


class Hostile:
    """Listens on loopback; polite where told to be, and otherwise as told."""

    def __init__(self, behaviour: Behaviour, polite: Mapping[str, Any] | None = None) -> None:
        self.behaviour, self.polite = behaviour, polite or {}
        self.asked: list[str] = []  # the first line of each request
        self.heard: list[str] = []  # all of its headers

    def __enter__(self) -> Hostile:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.porter = threading.Thread(target=self.admit, daemon=True)
        self.porter.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.porter.join(5)

    def admit(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(line,), daemon=True).start()

    def serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError), line:
            path = self.listen(line)
            self.asked.append(path)
            for part, said in self.polite.items():
                if part in path:
                    return answer(said)(line)
            self.behaviour(line)
        return None

    def listen(self, line: socket.socket) -> str:
        heard = b""
        while b"\r\n\r\n" not in heard:
            if not (more := line.recv(65_536)):
                break
            heard += more
        head, _, body = heard.partition(b"\r\n\r\n")
        for name, _, value in (row.partition(b":") for row in head.split(b"\r\n")):
            if name.lower() == b"content-length":
                while len(body) < int(value):
                    body += line.recv(65_536)
        self.heard.append(head.decode(errors="replace"))
        return head.split(b"\r\n")[0].decode(errors="replace")
