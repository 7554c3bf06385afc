"""A witness as a small server: for a newspaper, a university, another agency.

It needs no database of ours and no desk: a folder, a key it makes itself, and the keys of the
logs it watches.
"""

from __future__ import annotations

import hashlib
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commonground.record.engine.notes import Key
from commonground.record.engine.witnessing import Answer, Witness

MOST = 64 * 1024  # bytes of a request; a checkpoint with a long path has six thousand
PATIENCE = 10  # seconds for whoever sends slowly


class Folder:
    """What a witness remembers: its key, and the last checkpoint of each log it signed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def private(self) -> Ed25519PrivateKey:
        file = self.path / "key"
        if not file.exists():
            with open(file, "xb", opener=lambda p, flags: os.open(p, flags, 0o600)) as new:
                new.write(os.urandom(32))
        return Ed25519PrivateKey.from_private_bytes(file.read_bytes())

    def place(self, origin: str) -> Path:
        return self.path / hashlib.sha256(origin.encode()).hexdigest()

    def seen(self, origin: str) -> str:
        file = self.place(origin)
        return file.read_text() if file.exists() else ""

    def keep(self, origin: str, note: str) -> None:
        """On disk when it returns: what is not remembered must not be signed."""
        fresh = self.place(origin).with_suffix(".new")
        with fresh.open("w") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.place(origin))


class WitnessServer(ThreadingHTTPServer):
    """POST /add-checkpoint, GET /<sha-256 of an origin>/checkpoint."""

    daemon_threads = True

    def __init__(self, at: tuple[str, int], name: str, folder: Folder, logs: list[Key]) -> None:
        super().__init__(at, Hand)
        self.folder, self.one_at_a_time = folder, Lock()
        self.witness = Witness(name, folder.private(), {key.name: key for key in logs})

    def answer(self, asked: str) -> Answer:
        # Looking at what was seen and remembering what is signed must not be torn apart.
        with self.one_at_a_time:
            seen = {origin: self.folder.seen(origin) for origin in self.witness.logs}
            answer = self.witness.answer(asked, seen, int(time.time()))
            if answer.seen:
                self.folder.keep(answer.seen.partition("\n")[0], answer.seen)
        return answer

    def shown(self, path: str) -> str:
        """The last checkpoint of a log, where anybody can ask for it."""
        for origin in self.witness.logs:
            if path == f"/{self.folder.place(origin).name}/checkpoint":
                return self.folder.seen(origin)
        return ""


class Hand(BaseHTTPRequestHandler):
    """One request."""

    server: WitnessServer
    timeout = PATIENCE
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint" or not length.isdigit() or int(length) > MOST:
            return self.say(Answer(404 if self.path != "/add-checkpoint" else 400))
        try:
            asked = self.rfile.read(int(length)).decode()
        except UnicodeDecodeError:
            return self.say(Answer(400))
        return self.say(self.server.answer(asked))

    def do_GET(self) -> None:
        shown = self.server.shown(self.path)
        self.say(Answer(200, shown) if shown else Answer(404))

    def say(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(body)))
        if answer.status >= 400:
            self.send_header("Connection", "close")  # what else was sent is not read
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: who asks is nobody's business."""
