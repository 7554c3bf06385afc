"""The line to a Mastodon server: Mastodon.py asks, our own wire carries, and we judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import httpx2

from commonground.channels.contract import Declined, Login, Receipt
from commonground.channels.line import Manners, NoSuccess, asking, base_of, secret_of
from commonground.kit.wire import Errand

if TYPE_CHECKING:
    from mastodon import Mastodon

MANNERS = Manners(
    lambda said: said["error"],
    waits=lambda headers: [headers.get("retry-after"), headers.get("x-ratelimit-reset")],
)
# Without a version Mastodon.py would ask the server for it before each picture.
SPOKEN = "4.2.0"


ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


def our_id(receipt: Receipt) -> str:
    if not ID.fullmatch(receipt.network_id):
        raise Declined("This was never the id of a Mastodon post.")
    return receipt.network_id


def id_of(thing: Any) -> str:
    if not ID.fullmatch(name := str(thing.id or "")):
        raise ValueError("an answer without an id")
    return name


def url_of(thing: Any) -> str:
    url = str(thing.url or "")
    if not url.startswith(("https://", "http://")):
        raise ValueError("an answer without an address")
    return url[:300]


class Answer:
    """What Mastodon.py wants to know of an answer."""

    # It would sleep, warn and raise by the headers, even where the post is already out.
    # We read them ourselves.
    headers: Mapping[str, str] = {}

    def __init__(self, response: httpx2.Response) -> None:
        self.ok, self.content, self.text = response.is_success, response.content, response.text
        self.status_code, self.reason = response.status_code, response.reason_phrase
        self.json = response.json


class Session:
    """What Mastodon.py takes for its own HTTP session."""

    def __init__(self, errand: Errand) -> None:
        self.errand = errand

    def request(
        self, method: str, url: str, *, headers: dict[str, str], files: Any = None,
        params: Any = None, data: Any = None, json: Any = None, **_: Any,
    ) -> Answer:  # fmt: skip
        question: dict[str, Any] = {"headers": headers, "params": params, "json": json}
        if files:
            question |= {"files": files, "data": dict(data or {})}
        elif data is not None:
            headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
            question |= {"content": urlencode(data, doseq=True), "headers": headers}
        return Answer(self.errand.ask(method, url, **question))


class Line:
    """One errand to the server of one channel."""

    def __init__(self, login: Login, patience: float) -> None:
        # The library is slow to load. Whoever only counts characters need not wait for it, and
        # its loading is not part of the errand.
        import mastodon

        self.library = mastodon
        self.errand = Errand(patience)
        self.login = login

    @cached_property
    def server(self) -> Mastodon:
        server = self.library.Mastodon(
            api_base_url=base_of(self.login.address), session=cast(Any, Session(self.errand)),
            ratelimit_method="throw", request_timeout=self.errand.seconds,
            mastodon_version=SPOKEN, version_check_mode="created", user_agent="Commonground",
        )  # fmt: skip
        # Given to the constructor, a token that happens to name a file would be opened.
        server.access_token = secret_of(self.login)
        return server

    def end(self, client_key: str, client_secret: str) -> None:
        """Have the server forget our token (RFC 7009). The library would first ask the server
        where to, and send all three there."""
        token = secret_of(self.login)
        said = {"client_id": client_key, "client_secret": client_secret, "token": token}
        with asking(self.errand, MANNERS, acting=True, hidden=said.values()):
            answer = self.errand.ask(
                "POST", base_of(self.login.address) + "/oauth/revoke", content=urlencode(said),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )  # fmt: skip
            if not answer.is_success:
                raise NoSuccess(answer.status_code)

    @contextmanager
    def asking(self, *, acting: bool = False) -> Iterator[Mastodon]:
        """Whatever goes wrong in here is one of the three ways to fail."""
        with asking(self.errand, MANNERS, acting=acting):
            yield self.server
