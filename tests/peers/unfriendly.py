"""A server that speaks Mastodon's API and Bluesky's, and answers a third of the time wrongly.

It keeps what really happened: which text appeared, when, and in answer to which request.
Every fault follows from a seed, the text and how often it was asked; after six requests for
one text it is friendly, so that a run ends.

    python -m tests.peers.unfriendly PORT '{"seed": 1, "faulty": 0.35, "deadline": 3.0}'
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import struct
import sys
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FRIENDLY_AFTER = 6
BEFORE, AFTER = "before", "after"
# The scripts of the design's F3, and a late effect (F4). Whether the post appears, and what
# is answered. 401 and 403 would end a whole run: only a single script plays them.
SCRIPTS = [
    "500 before", "500 after", "502 after", "503 before", "429 seconds", "429 date", "429 absurd",
    "reset before", "reset in mid answer", "reset after", "hang before", "drip after",
    "cut before", "truncated after", "error as success before", "page after", "redirect before",
    "413 before", "201 without id after", "late",
]  # fmt: skip
ENDING = ["401 before", "403 after"]
STATUS = {"500": 500, "502": 502, "503": 503, "413": 413, "401": 401, "403": 403}


class Memory:
    """What the public can see, and what was asked."""

    def __init__(self, ways: dict[str, Any]) -> None:
        self.ways, self.lock = ways, threading.Lock()
        self.effects: list[dict[str, Any]] = []
        self.asked: dict[str, int] = {}
        self.keys: dict[tuple[str, str], dict[str, Any]] = {}
        self.replies, self.faulty = 0, 0

    def chance(self, *of: object) -> float:
        digest = hashlib.sha256(repr((self.ways["seed"], *of)).encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    def script_for(self, who: str, text: str) -> str:
        """What goes wrong this time, or "" if nothing does."""
        with self.lock:
            asked = self.asked[text] = self.asked.get(text, 0) + 1
            self.replies += 1
        if only := self.ways.get("only"):
            return only.get(text, "") if asked == 1 else ""
        if asked > FRIENDLY_AFTER or self.chance(text, asked) >= self.ways["faulty"]:
            return ""
        with self.lock:
            self.faulty += 1
        return SCRIPTS[int(self.chance(text, asked, "which") * len(SCRIPTS))]

    def act(self, who: str, text: str, key: str) -> dict[str, Any]:
        """The effect itself. Accounts of class A remember keys, those of B own ids."""
        with self.lock:
            if who[0] in "AB" and (who, key) in self.keys:
                return self.keys[who, key]
            effect = {"id": str(len(self.effects) + 1), "who": who, "text": text,
                      "key": key, "at": time.time()}  # fmt: skip
            self.effects.append(effect)
            self.keys[who, key] = effect
            return effect


class Unfriendly(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    @property
    def memory(self) -> Memory:
        memory: Memory = self.server.memory
        return memory

    def log_message(self, *_: object) -> None:
        pass

    def reply(self, said: Any, status: int = 200, **headers: str) -> None:
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(raw)
        self.close_connection = True

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    @property
    def who(self) -> str:
        """The account: its name is its token, and begins with its class."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return json.loads(unpadded(token.split(".")[1]))["sub"][8:] if "." in token else token

    def do_GET(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.answer_get(urlsplit(self.path))

    def answer_get(self, url: Any) -> None:
        memory = self.memory
        if url.path == "/effects":
            self.reply({"effects": memory.effects, "replies": memory.replies,
                        "faulty": memory.faulty})  # fmt: skip
        elif url.path.endswith("verify_credentials"):
            self.reply({"id": self.who, "username": self.who, "url": f"{self.home}/@{self.who}"})
        elif url.path.endswith("/statuses"):
            self.look(url)
        elif url.path.endswith("getSession"):
            self.reply({"did": f"did:plc:{self.who}", "handle": f"{self.who}.test"})
        elif url.path.endswith("getRecord"):
            self.record(parse_qs(url.query))
        else:
            self.reply({"error": "Not here."}, 404)

    @property
    def home(self) -> str:
        return f"http://{self.headers['Host']}"

    def look(self, url: Any) -> None:
        """Looking fails as well, as often."""
        who = self.who
        if self.blind(who):
            return
        older = parse_qs(url.query).get("max_id")
        mine = [e for e in self.memory.effects if e["who"] == who]
        shown = [] if older else [self.status(e) for e in reversed(mine)][:40]
        if older:
            shown = [self.status(e) for e in reversed(mine) if int(e["id"]) < int(older[0])][:40]
        self.reply(shown)

    def blind(self, who: str) -> bool:
        memory = self.memory
        with memory.lock:
            n = memory.asked[f"look {who}"] = memory.asked.get(f"look {who}", 0) + 1
            memory.replies += 1
        if memory.ways.get("only") or memory.chance("look", who, n) >= memory.ways["faulty"]:
            return False
        with memory.lock:
            memory.faulty += 1
        if n % 2:
            self.reply({"error": "busy"}, 503)
        else:
            self.reset()
        return True

    def record(self, asked: dict[str, list[str]]) -> None:
        if self.blind(self.who):
            return
        effect = self.memory.keys.get((self.who, asked["rkey"][0]))
        if effect is None:
            self.reply({"error": "RecordNotFound", "message": "Could not locate record"}, 400)
        else:
            self.reply(self.made(effect) | {"value": {
                "$type": "app.bsky.feed.post", "text": effect["text"],
                "createdAt": "2026-11-01T00:00:00.000Z",
            }})  # fmt: skip

    def made(self, effect: dict[str, Any]) -> dict[str, str]:
        uri = f"at://did:plc:{effect['who']}/app.bsky.feed.post/{effect['key']}"
        return {"uri": uri, "cid": "bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454"}

    def status(self, effect: dict[str, Any]) -> dict[str, Any]:
        at = datetime.fromtimestamp(effect["at"], UTC).isoformat().replace("+00:00", "Z")
        url = f"{self.home}/@{effect['who']}/{effect['id']}"
        return {"id": effect["id"], "content": f"<p>{effect['text']}</p>", "url": url,
                "visibility": "public", "created_at": at}  # fmt: skip

    def do_POST(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path.endswith("createSession"):
                self.reply(session(json.loads(raw)["identifier"].removesuffix(".test")))
            elif self.path.endswith("createRecord"):
                said = json.loads(raw)
                self.publish(said["record"]["text"], said["rkey"])
            elif self.path.endswith("/statuses"):
                text = parse_qs(raw.decode())["status"][0]
                self.publish(text, self.headers.get("Idempotency-Key", ""))
            else:
                self.reply({"error": "Not here."}, 404)

    def publish(self, text: str, key: str) -> None:
        who = self.who
        script = self.memory.script_for(who, f"{who} {text}")
        if script == "late":
            threading.Thread(target=self.act_late, args=(who, text, key), daemon=True).start()
            time.sleep(self.memory.ways["deadline"] * 1.5)
            return self.reset()
        again = self.memory.keys.get((who, key)) if who[0] == "B" else None
        effect = None if script.endswith(BEFORE) or script.startswith("429") else (
            self.memory.act(who, text, key)
        )  # fmt: skip
        if again:  # as real servers do for a name that is taken
            return self.reply({"error": "InternalServerError"}, 500)
        return self.say(script, effect)

    def act_late(self, who: str, text: str, key: str) -> None:
        """Up to two deadlines after the client gave up, as a queue behind a gateway may."""
        deadline = self.memory.ways["deadline"]
        time.sleep(deadline * (1.1 + 1.7 * self.memory.chance(text, "late")))
        self.memory.act(who, text, key)

    def say(self, script: str, effect: dict[str, Any] | None) -> None:
        word = script.split()[0] if script else ""
        soon = datetime.fromtimestamp(time.time() + 2, UTC)
        absurd = {"seconds": "1", "absurd": "1000000000", "date": format_datetime(soon)}
        if not script and effect:
            bluesky = self.path.endswith("createRecord")
            self.reply(self.made(effect) if bluesky else self.status(effect))
        elif word in STATUS:
            self.reply({"error": "No."}, STATUS[word])
        elif word == "429":
            self.reply({"error": "later"}, 429, Retry_After=absurd[script.split()[1]])
        elif word in ("reset", "cut") and "mid" not in script:
            self.reset()
        else:
            self.say_oddly(word)

    def say_oddly(self, word: str) -> None:
        odd = {
            "error": (b'{"error": "It went wrong."}', 200), "page": (b"<html>Hello</html>", 200),
            "201": (b"{}", 201), "redirect": (b"", 301),
        }  # fmt: skip
        if word in odd:
            said, status = odd[word]
            self.reply(said, status, Location=self.path)
        elif word == "hang":
            time.sleep(self.memory.ways["deadline"] * 1.5)
            self.reset()
        elif word == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
            for _ in range(int(self.memory.ways["deadline"] * 3)):
                self.wfile.write(b" ")
                time.sleep(0.5)
            self.reset()
        else:  # truncated, or reset in mid answer
            self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id": "1"')
            self.reset()


def session(who: str) -> dict[str, str]:
    body = {"sub": f"did:plc:{who}", "exp": 4_000_000_000, "iat": 1_700_000_000, "scope": "x"}
    packed = base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
    token = f"eyJhbGciOiJub25lIn0.{packed}.eHh4"
    return {"did": f"did:plc:{who}", "handle": f"{who}.test", "accessJwt": token,
            "refreshJwt": token}  # fmt: skip


def unpadded(packed: str) -> bytes:
    return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """Clients that were killed hang up; that is what they are here for."""


def serve(port: int, ways: dict[str, Any]) -> None:
    server = Server(("127.0.0.1", port), Unfriendly)
    server.memory = Memory(ways)  # type: ignore[attr-defined]
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), json.loads(sys.argv[2]))
