"""A push service from npm (web-push-testing), on loopback: it checks who sends (VAPID), and opens
what it is sent with the keys of the browser it was meant for."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.npm import ready
from tests.peers.starting import answers_on, by_hand, free_port, running

HERE = Path(__file__).parent


@dataclass
class PushServer:
    url: str

    def browser(self, application_key: str) -> dict[str, Any]:
        """A browser that asked for notices: endpoint, keys, and the name it has here."""
        asked = {"userVisibleOnly": "true", "applicationServerKey": application_key}
        return dict(self.say("/subscribe", asked)["data"])

    def forget(self, browser: dict[str, Any]) -> None:
        """From here on the service says that it is gone (410)."""
        self.say(f"/expire-subscription/{browser['clientHash']}", {})

    def shown(self, browser: dict[str, Any]) -> list[str]:
        """What arrived, opened."""
        said = self.say("/get-notifications", {"clientHash": browser["clientHash"]})
        return list(said["data"]["messages"])

    def say(self, path: str, body: Any) -> Any:
        sent = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", data=sent, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            said = answer.read()
        return json.loads(said) if said.startswith(b"{") else None


@contextmanager
def push_service() -> Iterator[PushServer]:
    packages, port = ready("push"), free_port()
    with (
        tempfile.TemporaryDirectory(prefix="push-") as place,
        running(
            shutil.which("node") or "node", HERE / "push_server.cjs", str(port),
            ready=lambda: answers_on(port), log=Path(place) / "log", cwd=packages,
            env={**os.environ, "NODE_PATH": str(packages / "node_modules")},
        ),
    ):  # fmt: skip
        yield PushServer(f"http://127.0.0.1:{port}")


if __name__ == "__main__":
    by_hand(push_service())
