"""How the desk answers a web server: each request in one of a few threads, start to end.

Django's own handler gives every request a thread of its own and, with it, a new connection to the
database, and goes to and fro between that thread and the loop for every view; the threads here
stay, and their connections with them: docs/decisions/0013. A live line costs no thread: its view
returns at once, and its events are awaited in the loop.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase
from servestatic.middleware import ServeStaticMiddleware

# Beyond that many at once requests wait in line, in their order. More threads than cores only take
# turns at the interpreter, and a vote then costs more; one more, for there is the disk to wait for.
THREADS = ThreadPoolExecutor((os.cpu_count() or 1) + 1, thread_name_prefix="answer")


class Desk(ASGIHandler):
    """Style sheets and scripts from files, all else from the views."""

    def __init__(self) -> None:
        super().__init__()
        self.files = ServeStaticMiddleware(self.in_a_thread)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(
        self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:  # fmt: skip
        if scope["type"] != "http":
            raise ValueError("The desk speaks HTTP only.")
        await self.handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await self.files(request)
        return response

    async def in_a_thread(self, request: HttpRequest) -> HttpResponseBase:
        answered = sync_to_async(self.answered, thread_sensitive=False, executor=THREADS)
        return await answered(request)

    def answered(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()  # one that died or grew old is replaced, as after each request
        return self.get_response(request)
