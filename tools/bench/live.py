"""How soon many open pages hear that something happened, of one web process.

Real connections to the real web server on loopback, each signed in, each on the line that every
page of the desk keeps open. Then things happen, one every few seconds, and each line's time until
it says so is taken.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.peers.starting import answers_on, free_port, running

NEWS, EVERY = 20, 3.0  # so many things happen, so many seconds apart
QUIET = 15.0  # seconds before the first
PATIENCE = 30.0
ROOT = Path(__file__).parents[2]


def heard(people: int, url: str) -> dict[str, Any]:
    member, cookie = somebody()
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "asginl", "--host",
        "127.0.0.1", "--port", str(port), "--workers", "1", "--backlog", "1024",
        "--log-level", "warning", "commonground.asgi:application",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="live-") as folder, running(
        *command, ready=lambda: answers_on(port), log=Path(folder) / "log", cwd=str(ROOT),
        env={**os.environ, "COMMONGROUND_DATABASE_URL": url},
    ) as web:  # fmt: skip
        looked_at(port)  # what is loaded with the first page is no open page's
        idle = used_by(web.pid)
        return {
            "people": people,
            **asyncio.run(Room(port, cookie, member, web.pid).sit(people, idle)),
        }


def looked_at(port: int) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/account/login/", headers={"Host": "localhost"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def somebody() -> tuple[Any, str]:
    from django.test import Client
    from tests import given

    member, client = given.a_member(roles=["author"]), Client()
    client.force_login(member)
    return member, client.cookies["sessionid"].value


class Room:
    """All who have a page open."""

    def __init__(self, port: int, cookie: str, member: Any, pid: int) -> None:
        self.port, self.cookie, self.member, self.pid = port, cookie, member, pid
        self.ready: asyncio.Queue[float] = asyncio.Queue()
        self.happened: list[float] = []
        self.after: list[
            list[float]
        ] = []  # of each thing that happened: how soon each line said so

    async def sit(self, people: int, idle: dict[str, float]) -> dict[str, Any]:
        lines = [asyncio.create_task(self.line()) for _ in range(people)]
        opened = [await asyncio.wait_for(self.ready.get(), 120) for _ in lines]
        silent = used_by(self.pid)["cpu_s"]
        await asyncio.sleep(QUIET)  # what open pages cost while nothing happens
        before, began = used_by(self.pid), time.monotonic()
        quiet = (before["cpu_s"] - silent) / QUIET
        for _ in range(NEWS):
            self.after.append([])
            self.happened.append(time.time())
            await asyncio.to_thread(self.happen, len(self.happened))
            await asyncio.sleep(EVERY)
        after, took = used_by(self.pid), time.monotonic() - began
        for line in lines:
            line.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*lines, return_exceptions=True)
        every = sorted(one for some in self.after for one in some)
        at = lambda share: round(every[min(len(every) - 1, int(share * len(every)))], 3)  # noqa: E731
        return {
            "opened": len(opened), "news": NEWS,
            "heard_by_all": sum(len(some) == people for some in self.after),
            "heard": len(every), "seconds": {"p50": at(0.5), "p99": at(0.99), "last": at(1)},
            "worker": {
                "mb_idle": idle["mb"], "mb_with_lines": before["mb"], "mb_at_the_end": after["mb"],
                "of_a_core": round((after["cpu_s"] - before["cpu_s"]) / took, 3),
                "news_s": round(after["cpu_s"] - before["cpu_s"] - quiet * took, 2),
            },
        }  # fmt: skip

    async def line(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(
            b"GET /record/live/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            b"Cookie: sessionid=" + self.cookie.encode() + b"\r\n\r\n"
        )
        await writer.drain()
        status = await reader.readline()
        assert b" 200 " in status, status
        while True:
            said = await reader.readline()
            if said.startswith(b": open"):
                await self.ready.put(time.time())
            elif said.startswith(b"event: changed") and self.happened:
                self.after[-1].append(time.time() - self.happened[-1])
            elif not said:
                return

    def happen(self, n: int) -> None:
        from django.db import close_old_connections

        from commonground.record import actions as record

        record.witness("try", self.member, by=self.member, number=n)
        close_old_connections()


def used_by(pid: int) -> dict[str, float]:
    """Memory now and processor seconds so far, of a process and its children together. Of memory
    that several share each counts its part."""
    kilobytes, ticks = 0, 0
    for one in family(pid):
        with suppress(OSError):
            told = Path(f"/proc/{one}/smaps_rollup").read_text()
            kilobytes += int(told.partition("\nPss:")[2].split()[0])
            after_name = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(after_name[11]) + int(after_name[12])
    return {"mb": round(kilobytes / 1024, 1), "cpu_s": ticks / os.sysconf("SC_CLK_TCK")}


def family(pid: int) -> list[int]:
    found = [pid]
    for one in found:  # grows while we walk it
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found
