"""Tells open pages that something changed. One look a second for the whole process, however
many pages are open; none while no page is open."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

log = logging.getLogger(__name__)

type News = Mapping[str, Mapping[str, int]]  # who it is for -> kind of thing -> how many changed
type Look = Callable[[int], tuple[int, News]]

LOOK_EVERY = 1.0
BEAT_EVERY = 20.0  # proxies cut silent lines after 30 to 60 seconds
# The browser comes back by itself. A line without an end would hold up every restart.
LINE_LASTS = 300.0


class Pulse:
    """Asks `look(mark)` what is new since the mark, and passes it on to every open line."""

    def __init__(self, look: Look, every: float = LOOK_EVERY) -> None:
        self.look, self.every = look, every
        self.mark = -1
        self.lines: set[Line] = set()
        self.task: asyncio.Task[None] | None = None
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pulse")

    async def line(self, who: str, lasts: float = LINE_LASTS) -> AsyncIterator[str]:
        """The events for one open page, as text/event-stream."""
        line = Line(who)
        self.lines.add(line)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.keep_looking())
        try:
            async for event in line.events(lasts):
                yield event
        finally:
            self.lines.discard(line)

    async def keep_looking(self) -> None:
        self.mark = -1
        while self.lines:
            await self.look_once()
            await asyncio.sleep(self.every)

    async def look_once(self) -> None:
        """One look; a database that is away for a moment must not end the looking."""
        loop = asyncio.get_running_loop()
        try:
            self.mark, news = await loop.run_in_executor(self.thread, self.looked)
        except Exception:
            log.exception("could not look for news")
            return
        for line in self.lines:
            if mine := news.get(line.who):
                line.queue.put_nowait((self.mark, mine))

    def looked(self) -> tuple[int, News]:
        close_old_connections()
        try:
            return self.look(self.mark)
        finally:
            close_old_connections()


class Line:
    """One open page."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.queue: asyncio.Queue[tuple[int, Mapping[str, int]]] = asyncio.Queue()

    async def events(self, lasts: float) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        ends = loop.time() + lasts
        yield "retry: 2000\n: open\n\n"
        while (left := ends - loop.time()) > 0:
            try:
                async with asyncio.timeout(min(BEAT_EVERY, left)):
                    mark, news = await self.queue.get()
            except TimeoutError:
                yield ": still here\n\n"
            else:
                yield f"id: {mark}\nevent: changed\ndata: {json.dumps(news)}\n\n"
