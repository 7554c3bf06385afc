"""A real server of the fediverse (Fedify), from npm, on loopback, with one person on it."""

from __future__ import annotations

import json
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers import npm
from tests.peers.starting import answers_on, by_hand, free_port, running

HERE = Path(__file__).parent
# What each one is: the library, and how it signs what it sends.
KINDS = {
    "rfc9421": ("@fedify/fedify", "rfc9421"),
    "draft first": ("@fedify/fedify", "draft-cavage-http-signatures-12"),
    "draft": ("fedify-draft-only", ""),
}


@dataclass
class FedifyServer:
    url: str
    kind: str

    @property
    def ana(self) -> str:
        return f"{self.url}/users/ana"

    def do(self, command: str, **how: str) -> Any:
        """Have it do something: follow, unfollow, reply, unreply, vanish, finger, outbox."""
        asked = f"{self.url}/_test/{command}?{urllib.parse.urlencode(how)}"
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.loads(answer.read())

    def heard(self, kind: str, seconds: float = 10) -> Any:
        """The last activity of a kind that it believed; None if there is none in that time."""
        until = time.monotonic() + seconds
        while True:
            found = [said for said in self.do("heard") if said["type"] == kind]
            if found or time.monotonic() > until:
                return found[-1] if found else None
            time.sleep(0.1)


@contextmanager
def fedify(kind: str) -> Iterator[FedifyServer]:
    packages = npm.ready("fedify")
    port, (library, knock) = free_port(), KINDS[kind]
    with (
        tempfile.TemporaryDirectory(prefix="fedify-") as place,
        running(
            npm.node(), packages / "peer.mjs", str(port), library, knock,
            ready=lambda: answers_on(port), log=Path(place) / "log", cwd=packages,
        ),
    ):  # fmt: skip
        yield FedifyServer(f"http://127.0.0.1:{port}", kind)


if __name__ == "__main__":
    by_hand(fedify("rfc9421"))
