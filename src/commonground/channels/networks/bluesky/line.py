"""The line to a server of the AT Protocol: the library asks, our own wire carries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from atproto_client.request import RequestBase, Response
from django.conf import settings
from django.utils import timezone

from commonground.channels import engine
from commonground.channels.contract import Busy, Declined, SignInNeeded, Unsure
from commonground.channels.contract.verdict import LOST, NOT_SENT, tidy, verdict
from commonground.kit.wire import Errand, NotOutside

# Said with various status codes, all of them meaning that a person must sign in.
STRANGERS = {
    "AuthenticationRequired", "AuthMissing", "AuthFactorTokenRequired", "AccountTakedown",
    "AccountSuspended", "AccountDeactivated", "ExpiredToken", "InvalidToken",
}  # fmt: skip


class NoSuccess(Exception):
    """The server answered with something other than success."""


class Wire(RequestBase):  # type: ignore[misc]
    """What the library takes for its own HTTP client."""

    def __init__(self, errand: Errand) -> None:
        super().__init__()
        self.errand = errand

    def get(self, url: str, **question: Any) -> Response:
        return self.ask("GET", url, **question)

    def post(self, url: str, **question: Any) -> Response:
        return self.ask("POST", url, **question)

    def ask(
        self, method: str, url: str, *, headers: dict[str, str] | None = None,
        params: Any = None, content: Any = None, data: Any = None,
    ) -> Response:  # fmt: skip
        # The server may send us on to another one of its own: the rule holds there too.
        answer = self.errand.ask(
            method, base_of(url) + url.partition(urlsplit(url).netloc)[2],
            headers=self.get_headers(headers), params=params, content=content or data,
        )  # fmt: skip
        if not answer.is_success:
            raise NoSuccess(answer.status_code)
        said = json.loads(answer.content) if answer.content else {}
        return Response(True, answer.status_code, said, dict(answer.headers))


@contextmanager
def asking(errand: Errand, *, acting: bool = False) -> Iterator[None]:
    """Whatever goes wrong in here is one of the three ways to fail."""
    try:
        yield
    except (Declined, Busy, Unsure):
        raise
    except Exception as error:
        raise judge(errand, acting) from error


def judge(errand: Errand, acting: bool) -> Exception:
    if isinstance(errand.trouble, NotOutside):
        return Declined(str(errand.trouble))
    if errand.answer is None:
        return verdict(LOST if errand.spoke else NOT_SENT, "", acting=acting)
    name, words = reason_in(errand)
    if name in STRANGERS:
        return SignInNeeded(tidy(words or name))
    asked = [errand.answer.headers.get(h) for h in ("retry-after", "ratelimit-reset")]
    return verdict(
        errand.answer.status_code, words or name, acting=acting,
        again_at=engine.again_at(timezone.now(), *asked),
    )  # fmt: skip


def reason_in(errand: Errand) -> tuple[str, str]:
    """The error's name and its words, when the server gave them on purpose."""
    try:
        said = json.loads(errand.answer.content) if errand.answer else {}
    except Exception:  # anything at all may be in there
        return "", ""
    if not isinstance(said, Mapping) or (errand.answer and errand.answer.is_success):
        return "", ""
    words = [said.get("error"), said.get("message")]
    name, message = (word if isinstance(word, str) else "" for word in words)
    return name, message


def base_of(address: str) -> str:
    """The server's address. A password never travels where others can read it."""
    address = address.strip().rstrip("/")
    parts = urlsplit(address if "://" in address else f"https://{address}")
    safe = parts.scheme == "https" or settings.ENV.allow_private_addresses
    if not parts.hostname or parts.scheme not in ("http", "https") or not safe:
        raise Declined("The server's address must begin with https://")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
