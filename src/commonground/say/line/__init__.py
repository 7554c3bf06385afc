"""The line to the drafting help: an OpenAI-style chat address that the operator set, or none."""

from __future__ import annotations

from typing import Any

import httpcore2
import httpx2
from django.conf import settings

from commonground.kit.wire import Errand, NotOutside, TooMuch, must_be_private_or_sealed
from commonground.say.engine.proposing import Kind, plain, question

SECONDS = 45.0  # a small machine of one's own needs that for a page of text
MOST = 500_000


class NoHelp(Exception):
    """It did not help; the message says why, for the record and for whoever runs it."""


def offered() -> bool:
    return bool(settings.ENV.drafting_url)


def proposal(kind: Kind, text: str, language: str = "") -> str:
    """What the machine would say instead, as plain text. Nothing but this text leaves."""
    body = {"messages": question(kind, text, language), "temperature": 0.2, "stream": False}
    if model := settings.ENV.drafting_model:
        body["model"] = model
    said = plain(content_of(answer(body)))
    if not said:
        raise NoHelp("the answer was empty")
    return said


def answer(body: dict[str, Any]) -> httpx2.Response:
    url, key = settings.ENV.drafting_url, settings.ENV.drafting_key
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    # The operator named this address, so it may be a machine of their own.
    errand = Errand(seconds=SECONDS, most=MOST, inside=True)
    try:
        must_be_private_or_sealed(url)
        reply = errand.ask("POST", url, json=body, headers=headers)
    except (
        httpx2.HTTPError,
        httpcore2.NetworkError,
        httpcore2.TimeoutException,
        httpcore2.ProtocolError,
        NotOutside,
        TooMuch,
        OSError,
        ValueError,
    ) as trouble:
        raise NoHelp(type(trouble).__name__) from trouble  # fmt: skip
    if reply.status_code != httpx2.codes.OK:
        raise NoHelp(f"status {reply.status_code}")
    return reply


def content_of(reply: httpx2.Response) -> str:
    try:
        said = reply.json()["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as trouble:
        raise NoHelp("the answer was not one") from trouble
    if not isinstance(said, str):
        raise NoHelp("the answer was not text")
    return said
