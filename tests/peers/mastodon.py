"""A server that speaks Mastodon's language, in memory, on loopback."""

from __future__ import annotations

import json
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.peers.starting import Unavailable, answers_on, by_hand, free_port, running

PATIENCE = 60  # seconds: on a busy machine its first answer takes more than ten


@dataclass
class MastodonServer:
    url: str
    token: str = "mock_token"
    username: str = "testuser"

    def break_next(self, path: str, method: str = "POST", **effect: Any) -> None:
        """Have the next such request fail: effect is {"type": "status", "status": 503}, say."""
        match = {"methods": [method], "path": path}
        self.say("POST", "/api/v1/_mock/faults", {"match": match, "effect": effect, "count": 1})

    def mend(self) -> None:
        self.say("DELETE", "/api/v1/_mock/faults")

    def say(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"null")


@contextmanager
def mastodon_mock(people: int = 0) -> Iterator[MastodonServer]:
    """With so many more accounts: `person0` and so on, whose tokens are their names."""
    if not find_spec("mastodon_mock"):
        raise Unavailable("mastodon-mock is not installed: run `uv sync` with the dev group")
    port = free_port()
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--in-memory", "--host", "127.0.0.1"]
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mastodon-")))
        if people:
            command += ["--config", str(settled(place, people))]
        stack.enter_context(
            running(
                *command, "--port", str(port), "--log-level", "warning",
                ready=lambda: answers_on(port), log=place / "log", cwd=str(place),
            )
        )  # fmt: skip
        yield MastodonServer(f"http://127.0.0.1:{port}")


def settled(place: Path, people: int) -> Path:
    """The server's settings, with those accounts."""
    own = MastodonServer("")
    rows = [(own.username, own.token), *((f"person{n}", f"person{n}") for n in range(people))]
    file = place / "settings.toml"
    file.write_text(
        "".join(
            f'[[seed.accounts]]\nusername = "{name}"\naccess_token = "{token}"\n'
            for name, token in rows
        )
    )
    return file


if __name__ == "__main__":
    by_hand(mastodon_mock())
