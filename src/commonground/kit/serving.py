"""How the desk answers a web server: each request in one of a few threads, start to end.

Django's own handler gives every request a thread of its own and, with it, a new connection to the
database, and goes to and fro between that thread and the loop for every view; the threads here
stay, and their connections with them: docs/decisions/0013. A live line costs no thread: its view
returns at once, and its events are awaited in the loop.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.exception import convert_exception_to_response
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from servestatic.middleware import ServeStaticMiddleware

log = logging.getLogger(__name__)

type Answering = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

# Beyond that many at once requests wait in line, in their order. More threads than cores only take
# turns at the interpreter, and a vote then costs more; one more, for there is the disk to wait for.
# No more than five, for a container does not say how few of its host's cores are its own.
THREADS = ThreadPoolExecutor(min(os.cpu_count() or 1, 4) + 1, thread_name_prefix="answer")
# What waits for somebody else's server must not keep pages waiting.
ELSEWHERE = ThreadPoolExecutor(8, thread_name_prefix="elsewhere")


def waits_elsewhere[F: Callable[..., HttpResponseBase]](view: F) -> F:
    """Marks a view whose POST asks a network or hands over a letter, which may take long."""
    view.waits_elsewhere = True  # type: ignore[attr-defined]
    return view


def threads_for(request: HttpRequest) -> ThreadPoolExecutor:
    if request.method != "POST":
        return THREADS
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return THREADS
    # Signing in sends letters too, and digests passwords slowly on purpose.
    slow = getattr(view, "waits_elsewhere", False) or getattr(view, "__module__", "").startswith(
        "allauth."
    )
    return ELSEWHERE if slow else THREADS


type Send = Callable[[Any], Awaitable[None]]


def last(send: Send) -> Send:
    """Whoever says in pieces how long a request is ends the connection with it.

    A web server before us may have read another length, and then what follows is not the next
    request but what a stranger wants to pass for one of somebody else's (RFC 9112, 6.1).
    """

    async def and_close(event: Any) -> None:
        if event["type"] == "http.response.start":
            event = {**event, "headers": [*event.get("headers", []), (b"connection", b"close")]}
        await send(event)

    return and_close


class Desk(ASGIHandler):
    """Style sheets and scripts from files, all else from the views."""

    def __init__(self) -> None:
        super().__init__()
        if not settings.MEDIA_ORIGIN:
            log.info(
                "Pictures and videos are shown from the desk's own address. "
                "COMMONGROUND_MEDIA_ORIGIN gives them one of their own, which is safer."
            )
        self.files: Answering = convert_exception_to_response(  # type: ignore[assignment]
            ServeStaticMiddleware(self.in_a_thread)
        )

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(
        self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send
    ) -> None:
        if scope["type"] != "http":
            raise ValueError("The desk speaks HTTP only.")
        told = {name.lower() for name, _ in scope["headers"]}
        await self.handle(scope, receive, last(send) if b"transfer-encoding" in told else send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await self.files(request)

    async def in_a_thread(self, request: HttpRequest) -> HttpResponseBase:
        answered = sync_to_async(
            self.answered, thread_sensitive=False, executor=threads_for(request)
        )
        return await answered(request)

    def answered(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()  # one that died or grew old is replaced, as after each request
        return self.get_response(request)
