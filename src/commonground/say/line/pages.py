"""The line to a page that a link leads to: what it says of itself, and its picture."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.message import Message as Header
from threading import BoundedSemaphore
from urllib.parse import urlsplit

from commonground.kit import outbound
from commonground.kit.apart import Unusable, apart
from commonground.kit.outbound import Answer, Unreachable
from commonground.say.engine import heads, thumbs
from commonground.say.engine.heads import Head
from commonground.say.engine.pictures import CleanPicture

# An author waits for it. Page and picture have the one time between them.
SECONDS = 8.0
PAGE_BYTES, PICTURE_BYTES = 1_500_000, 8_000_000
WORK_SECONDS, WORK_MEMORY = 4, 400_000_000
PICTURE_SECONDS, PICTURE_MEMORY = 6, 1_200_000_000
WANTED = {"Accept": "text/html, application/xhtml+xml;q=0.9"}
PICTURES = {"Accept": "image/jpeg, image/png, image/webp"}
# Threads of the desk that wait for strangers; the others go on answering.
AT_ONCE = BoundedSemaphore(4)


class NotRead(Exception):
    """The page could not be read. `why` is one of the words below."""

    def __init__(self, why: str, more: str = "") -> None:
        super().__init__(why)
        self.why, self.more = why, more


@dataclass(frozen=True, slots=True)
class PageSaid:
    """What a page says of itself. `host` is where we were in the end."""

    title: str
    about: str
    host: str
    picture: CleanPicture | None


def page_at(url: str, language: str = "") -> PageSaid:
    """Read a page, within seconds. Raises NotRead: busy, unreachable, not a page, nothing said."""
    if not AT_ONCE.acquire(blocking=False):
        raise NotRead("busy")
    try:
        return read(url, language, time.monotonic() + SECONDS)
    finally:
        AT_ONCE.release()


def read(url: str, language: str, until: float) -> PageSaid:
    headers = {**WANTED, "Accept-Language": f"{language}, *;q=0.5"} if language else WANTED
    answer = answered(url, headers, until)
    head = head_in(answer)
    if not head.title:
        raise NotRead("nothing said")
    host = urlsplit(answer.url).hostname or ""
    return PageSaid(head.title, head.about, host, picture_at(head.picture, until))


def answered(url: str, headers: dict[str, str], until: float) -> Answer:
    try:
        answer = outbound.fetch(
            url, headers=headers, most=PAGE_BYTES, seconds=until - time.monotonic(), partly=True
        )
    except Unreachable as trouble:
        raise NotRead("unreachable", str(trouble)) from trouble
    if answer.status != 200:
        raise NotRead("unreachable", f"{answer.status}")
    return answer


def head_in(answer: Answer) -> Head:
    kind = Header()
    kind["Content-Type"] = answer.headers.get("content-type", "text/html").replace("\n", " ")[:200]
    if kind.get_content_type() not in ("text/html", "application/xhtml+xml"):
        raise NotRead("not a page")
    charset = kind.get_param("charset") or ""
    given = heads.asked(answer.body, charset=str(charset), address=answer.url)
    try:
        said = apart(heads.WORK, given, seconds=WORK_SECONDS, memory=WORK_MEMORY)
    except Unusable as trouble:
        raise NotRead("nothing said") from trouble
    return heads.answered(said)


def picture_at(address: str, until: float) -> CleanPicture | None:
    """Its picture made anew, as ours are; none where there is none, or too large, or too slow."""
    left = until - time.monotonic()
    if not address or left <= 0:
        return None
    try:
        answer = outbound.fetch(address, headers=PICTURES, most=PICTURE_BYTES, seconds=left)
        if answer.status != 200:
            return None
        work = apart(
            thumbs.WORK, answer.body, seconds=PICTURE_SECONDS, memory=PICTURE_MEMORY
        )  # fmt: skip
    except (Unreachable, Unusable):
        return None
    return thumbs.picture_of(work)
