"""Newspapers on this machine: feeds and pages as outlets serve them, and as nobody should."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

from django.utils import timezone

from commonground.agency.models import Member
from commonground.hear.tests.servers import web
from commonground.learn import actions, tasks
from commonground.learn.line import newspapers
from commonground.learn.models import Outlet

MENU = (
    '<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li>'
    '<li><a href="/subscribe">Subscribe now</a></li></ul></nav>'
)
FOOT = "<footer><p>Read also: Ten recipes for spring.</p><p>© Harbour Gazette</p></footer>"
CRASH = [
    "Three people died on Saturday night when two cars collided on Mast Road, police said.",
    "Mast Road stays closed until 6 p.m. Drivers were asked to take the harbour tunnel instead.",
    "Whoever has been drinking should leave the car and call a taxi, a sergeant said at the scene.",
    "Neighbours laid flowers where the crash happened. A vigil is planned for Sunday evening.",
]  # fmt: skip


def page(headline: str, paragraphs: list[str], extra: str = "") -> bytes:
    told = "".join(f"<p>{words}</p>" for words in paragraphs)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{headline} | Harbour Gazette"
        f"</title></head><body>{MENU}<main><article><h1>{headline}</h1>{told}</article></main>"
        f"{extra}{FOOT}</body></html>"
    ).encode()


def rss(items: list[tuple[str, str, str]], *, age: timedelta = timedelta(hours=1)) -> bytes:
    """(address, headline, summary) each."""
    at = format_datetime(timezone.now() - age)
    rows = "".join(
        f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>"
        f"<description>{said}</description><pubDate>{at}</pubDate></item>"
        for url, title, said in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>Harbour Gazette</title>{rows}</channel></rss>"
    ).encode()


def atom(items: list[tuple[str, str, str]]) -> bytes:
    at = (timezone.now() - timedelta(hours=1)).isoformat()
    rows = "".join(
        f'<entry><id>{url}</id><title>{title}</title><link href="{url}"/>'
        f"<summary>{said}</summary><updated>{at}</updated></entry>"
        for url, title, said in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Radio Whimbrel</title>{rows}</feed>"
    ).encode()


@dataclass
class Paper:
    """What a server has at which path, and what it was asked for."""

    url: str = ""
    has: dict[str, bytes | tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(path)
        found = self.has.get(path)
        if found is None:
            return 404, {}, b"Not here."
        if isinstance(found, tuple):
            return found
        kind = "application/rss+xml" if path.startswith("/feed") else "text/html; charset=utf-8"
        return 200, {"Content-Type": kind}, found

    def at(self, path: str) -> str:
        return f"{self.url}{path}"


@contextmanager
def a_paper() -> Iterator[Paper]:
    newspapers.ROBOTS.known.clear()  # another test's server may have had this port
    paper = Paper()
    with web(paper.answer) as paper.url:
        yield paper


def an_outlet(paper: Paper, *, by: Member, name: str = "Harbour Gazette", path: str = "/feed",
              corrections_to: str = "") -> Outlet:  # fmt: skip
    return actions.add_outlet(name=name, feed=paper.at(path), corrections_to=corrections_to, by=by)


def the_clock_runs(rounds: int = 5) -> None:
    """What the clock does in a minute or so, as often as it takes to read so many pages."""
    tasks.news.look_at_feeds()
    for _ in range(rounds):
        tasks.news.read_pages()
    tasks.news.hold_against()
    tasks.news.search_back()
