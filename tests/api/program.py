"""A program that holds a key, for tests: it sends and reads JSON, and nothing else."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from django.test import Client

number = count(1)


class Program:
    """What a client of ours would send. `key` "" is a stranger."""

    def __init__(self, key: str) -> None:
        self.key, self.client = key, Client(raise_request_exception=True)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer, its JSON as `.told`. A body of bytes goes as it is."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            said["Authorization"] = f"Bearer {self.key}"
        kind = said.pop("Content-Type", "application/json")
        answer = self.client.generic(
            method, f"/api/v1{path}", sent, content_type=kind, headers=said
        )
        answer.told = None
        if answer.content and "json" in answer.get("Content-Type", ""):
            answer.told = json.loads(answer.content)
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def make(self, path: str, body: Any, key: str = "") -> Any:
        """POST, with a key of its own unless the test says."""
        key = key or f"test-key-{next(number)}"
        return self.ask("POST", path, body, **{"Idempotency-Key": key})

    def post(self, path: str, body: Any = None) -> Any:
        return self.ask("POST", path, body)

    def put(self, path: str, body: Any, etag: str = "") -> Any:
        return self.ask("PUT", path, body, **({"If-Match": etag} if etag else {}))
