"""A real Bluesky server (PDS) with its directory of identities, from npm, on loopback."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.peers import npm
from tests.peers.starting import by_hand, free_port, running

HERE = Path(__file__).parent


@dataclass
class BlueskyAccount:
    handle: str
    did: str
    password: str = field(repr=False)  # of an app, as a desk would be given
    main_password: str = field(repr=False, default="")


@dataclass
class BlueskyServer:
    url: str

    def account(self, name: str = "") -> BlueskyAccount:
        """Someone new on this server, with a password for an app."""
        handle, password = f"{name or 'd' + secrets.token_hex(6)}.test", secrets.token_hex(12)
        body = {"handle": handle, "email": f"{handle}@example.org", "password": password}
        made = self.call("com.atproto.server.createAccount", body)
        token = made["accessJwt"]
        app = self.call("com.atproto.server.createAppPassword", {"name": "desk"}, token)
        return BlueskyAccount(handle, made["did"], app["password"], password)

    def call(self, method: str, body: Any = None, token: str = "", **query: str) -> Any:
        url = f"{self.url}/xrpc/{method}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        sent = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(url, data=sent, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def answers(self) -> bool:
        try:
            return bool(self.call("com.atproto.server.describeServer"))
        except (OSError, ValueError):
            return False

    def posts(self, did: str) -> list[Any]:
        """Every post of an account, as anyone may read them without signing in."""
        listing = self.call(
            "com.atproto.repo.listRecords", repo=did, collection="app.bsky.feed.post", limit="100"
        )
        return list(listing["records"])

    def blob(self, did: str, cid: str) -> bytes:
        """A file of an account, as anyone may fetch it."""
        query = urllib.parse.urlencode({"did": did, "cid": cid})
        url = f"{self.url}/xrpc/com.atproto.sync.getBlob?{query}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            return bytes(answer.read())


@contextmanager
def bluesky_pds() -> Iterator[BlueskyServer]:
    packages = npm.ready("bluesky")
    port, directory_port = free_port(), free_port()
    server = BlueskyServer(f"http://127.0.0.1:{port}")
    with tempfile.TemporaryDirectory(prefix="bluesky-", ignore_cleanup_errors=True) as place:
        data = Path(place) / "data"
        data.mkdir()
        with running(
            npm.node(), HERE / "bluesky_server.cjs",
            str(port), str(directory_port), data,
            ready=server.answers, log=Path(place) / "log", cwd=packages,
            env={**os.environ, "NODE_PATH": str(packages / "node_modules")},
        ):  # fmt: skip
            yield server


if __name__ == "__main__":
    by_hand(bluesky_pds())
