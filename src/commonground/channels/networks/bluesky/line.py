"""The line to a server of the AT Protocol: the library asks, our own wire carries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

from atproto_client.request import RequestBase, Response

from commonground.channels import line
from commonground.channels.line import Manners, NoSuccess, base_of
from commonground.kit.wire import Errand

# Said with various status codes, all of them meaning that a person must sign in.
STRANGERS = {
    "AuthenticationRequired", "AuthMissing", "AuthFactorTokenRequired", "AccountTakedown",
    "AccountSuspended", "AccountDeactivated", "ExpiredToken", "InvalidToken",
}  # fmt: skip


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


def status_of(status: int, said: Mapping[str, Any]) -> int:
    return 401 if said.get("error") in STRANGERS else status


def waits(headers: Mapping[str, str]) -> list[str | None]:
    return [headers.get("retry-after"), headers.get("ratelimit-reset")]


MANNERS = Manners(lambda said: said.get("message") or said.get("error"), status_of, waits)


def asking(errand: Errand, *, acting: bool = False) -> AbstractContextManager[None]:
    """Whatever goes wrong in here is one of the three ways to fail."""
    return line.asking(errand, MANNERS, acting=acting)


def reason_in(errand: Errand) -> tuple[str, str]:
    """The error's name and its words, when the server gave them on purpose."""
    if errand.answer is None or errand.answer.is_success:
        return "", ""
    said = line.body_of(errand.answer)
    return line.a_word(said.get("error")), line.a_word(said.get("message"))
