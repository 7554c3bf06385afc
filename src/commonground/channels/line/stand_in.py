"""A platform's server in small: real HTTP on loopback, written from the platform's documents.

A network's `fake.py` says what the platform would answer; here is how it is served, how a
test makes it fail, and what it was asked. Tests of ours and of others stand on it.
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from commonground.channels.contract import Adapter, Login, Network


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in small letters
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, bytes]:
        """The fields of a form, sent in either of the two ways."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            return {k: v.encode() for k, v in parse_qsl(self.body.decode(), True)}
        whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.body)
        parts = [part for part in whole.walk() if not part.is_multipart()]
        return {
            str(part.get_param("name", header="content-disposition")): content_of(part)
            for part in parts
        }

    @property
    def says(self) -> dict[str, str]:
        """What was asked for, wherever it stood: in the address or in the form."""
        return {**self.query, **{k: v.decode(errors="replace") for k, v in self.form.items()}}


def content_of(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """The platform says no."""

    def __init__(self, status: int, body: Any, **headers: str) -> None:
        super().__init__(status)
        self.reply = Reply(body, status, {k.replace("_", "-"): v for k, v in headers.items()})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong, once, at the first request whose first line has `on` in it."""

    on: str
    reply: Reply | None = None  # said instead; None: the line breaks and nothing is said
    after: bool = False  # the request took effect before


class StandIn(ABC):
    """What every stand-in can do. A subclass answers like its platform."""

    network: Network
    login: Login
    handle: str = "desk"

    def __init__(self) -> None:
        self.posts: dict[str, dict[str, Any]] = {}  # by the platform's id, oldest first
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.numbers = count(1)
        self.one_at_a_time = threading.Lock()

    @abstractmethod
    def answer(self, asked: Asked) -> Reply:
        """What the platform would say."""

    @abstractmethod
    def open(self, login: Login) -> Adapter:
        """The network's own adapter, led here instead of into the world."""

    def as_network(self) -> Network:
        return replace(self.network, open=self.open)

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 (a server elsewhere has a clock of its own)

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def meet(self, asked: Asked) -> Reply | None:
        """The answer, or None where the line breaks."""
        with self.one_at_a_time:
            self.asked.append(asked)
            fault = self.fault_for(f"{asked.method} {asked.path}")
            if fault and not fault.after:
                return fault.reply
            reply = self.answer_or_refuse(asked)
            return fault.reply if fault else reply

    def fault_for(self, line: str) -> Fault | None:
        fault = next((f for f in self.faults if f.on in line), None)
        if fault:
            self.faults.remove(fault)
        return fault

    def answer_or_refuse(self, asked: Asked) -> Reply:
        try:
            return self.answer(asked)
        except Refusal as no:
            return no.reply


def handler_of(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            place = urlsplit(self.path)
            named = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(place.query, keep_blank_values=True))
            body = self.rfile.read(length)
            reply = stand_in.meet(Asked(self.command, unquote(place.path), query, named, body))
            self.close_connection = True
            if reply is not None:
                self.say(reply)

        def say(self, reply: Reply) -> None:
            raw = b"" if reply.body is None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """A test has its own words for what went wrong."""

        do_GET = do_POST = do_PUT = do_DELETE = serve  # noqa: N815 (the library's names)

    return Handler
