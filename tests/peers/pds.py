"""A real Bluesky server (PDS) with its directory of identities, from npm, on loopback."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.peers.starting import KEPT, Unavailable, by_hand, free_port, running

HERE = Path(__file__).parent
INSTALLING = 15 * 60  # seconds; the database driver may have to be compiled


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


def installed() -> Path:
    """The folder with the server's packages: one installation, whoever asks first."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise Unavailable("node and npm are not installed; the Bluesky server needs both")
    wanted = HERE / "package.json"
    print_of = hashlib.sha256(wanted.read_bytes()).hexdigest()
    place = KEPT / "bluesky"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other workers wait for the first
        done = place / "installed"
        if not done.exists() or done.read_text() != print_of:
            shutil.copy(wanted, place / "package.json")
            install(npm, place)
            done.write_text(print_of)
    return place


def install(npm: str, place: Path) -> None:
    quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    try:
        subprocess.run(
            [npm, "install", *quiet], cwd=place, check=True, timeout=INSTALLING,
            stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", b"") or b"").decode(errors="replace")
        raise Unavailable(f"npm could not install the Bluesky server: {said[-600:]}") from error


@contextmanager
def bluesky_pds() -> Iterator[BlueskyServer]:
    packages = installed()
    port, directory_port = free_port(), free_port()
    server = BlueskyServer(f"http://127.0.0.1:{port}")
    with tempfile.TemporaryDirectory(prefix="bluesky-", ignore_cleanup_errors=True) as place:
        data = Path(place) / "data"
        data.mkdir()
        with running(
            shutil.which("node") or "node", HERE / "bluesky_server.cjs",
            str(port), str(directory_port), data,
            ready=server.answers, log=Path(place) / "log", cwd=packages,
            env={**os.environ, "NODE_PATH": str(packages / "node_modules")},
        ):  # fmt: skip
            yield server


if __name__ == "__main__":
    by_hand(bluesky_pds())
