"""A server on loopback that says whatever a test wants, and writes down who asks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.test import Client
from django.utils import timezone

from commonground.channels.networks.fediverse.documents import PUBLIC, STREAMS, TYPE
from commonground.channels.networks.fediverse.keys import new_pair
from commonground.channels.networks.fediverse.models import Follower, HeardActivity, Parcel, Reply
from commonground.channels.networks.fediverse.signatures import (
    Request,
    new_signature,
    old_signature,
)

SIGN = {"draft": old_signature, "rfc9421": new_signature}
HOME = "http://localhost:8000"


@cache
def pair(name: str) -> tuple[str, str]:
    """Making a key takes a while: one for each name, in all tests."""
    return new_pair()


@dataclass
class Elsewhere:
    url: str
    pages: dict[str, tuple[int, str, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # to what is delivered; then 202
    takes: float = 0.0  # seconds to answer what is delivered

    def serve(
        self, path: str, thing: Any, *, status: int = 200, kind: str = TYPE, **headers: str
    ) -> None:
        body = thing if isinstance(thing, bytes) else json.dumps(thing).encode()
        self.pages[path] = (status, kind, body, headers)

    def person(self, name: str = "ana", *, shared: bool = True, **but: Any) -> dict[str, Any]:
        """Somebody with an account here, as others read it."""
        at = f"{self.url}/users/{name}"
        whole = {
            "@context": STREAMS, "id": at, "type": "Person", "preferredUsername": name,
            "inbox": f"{at}/inbox",
            "publicKey": {"id": f"{at}#main-key", "owner": at, "publicKeyPem": pair(name)[1]},
            **({"endpoints": {"sharedInbox": f"{self.url}/inbox"}} if shared else {}), **but,
        }  # fmt: skip
        self.serve(f"/users/{name}", whole)
        return whole

    def at(self, name: str = "ana") -> str:
        return f"{self.url}/users/{name}"

    @property
    def looked_up(self) -> list[str]:
        return [path for method, path, _, _ in self.asked if method == "GET"]

    @property
    def delivered(self) -> list[dict[str, Any]]:
        return [json.loads(body) for method, _, _, body in self.asked if method == "POST"]


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    class Porter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.note(b"")
            found = here.pages.get(self.path, (404, "text/plain", b"Nobody.", {}))
            self.say(*found)

        def do_POST(self) -> None:
            self.note(self.rfile.read(int(self.headers["content-length"])))
            time.sleep(here.takes)
            self.say(here.answers.pop(0) if here.answers else 202, "text/plain", b"", {})

        def note(self, body: bytes) -> None:
            named = {name.lower(): value for name, value in self.headers.items()}
            here.asked.append((self.command, self.path, named, body))

        def say(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            told = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
            for name, value in told.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Porter)
    here = Elsewhere(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()


def an_activity(kind: str, actor: str, thing: Any, *, n: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "@context": STREAMS, "id": f"{actor}/activities/{kind.lower()}-{n}", "type": kind,
        "actor": actor, "object": thing, **more,
    }  # fmt: skip


def a_reply(actor: str, note: str, text: str = "<p>When does it open?</p>", *, n: int = 1,
            **but: Any) -> dict[str, Any]:  # fmt: skip
    return {
        "id": f"{actor}/notes/{n}", "type": "Note", "attributedTo": actor, "inReplyTo": note,
        "content": text, "to": [PUBLIC], **but,
    }  # fmt: skip


def tell(activity: Any, *, style: str = "draft", name: str = "ana", inbox: str = "riverside/inbox",
         key_id: str = "", at: Any = None, signed: Any = None, **headers: str) -> Any:  # fmt: skip
    """POST it, signed as `name` signs it; `headers` change what was signed, afterwards."""
    body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
    url = f"{HOME}/fediverse/{inbox}"
    request = Request("POST", url, {"content-type": TYPE}, signed or body)
    key_id = key_id or f"{activity['actor']}#main-key"
    sent = SIGN[style](request, key_id, pair(name)[0], at or timezone.now())
    sent = {name.lower(): value for name, value in sent.items()}
    sent = {**sent, "host": "localhost:8000", **headers}
    return Client().post(
        f"/fediverse/{inbox}", body, content_type=sent.pop("content-type"),
        headers={k: v for k, v in sent.items() if v},
    )  # fmt: skip


def nothing_came_of(answer: Any, *statuses: int) -> None:
    assert answer.status_code in (statuses or (401,)), answer.content
    assert answer.content.decode().isprintable()
    assert answer.content
    for kept in (Follower, Parcel, Reply, HeardActivity):
        assert not kept.objects.exists()
