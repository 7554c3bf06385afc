"""Publishes to an account on Threads, in two steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from commonground.channels.contract import (
    Account,
    Limits,
    Message,
    Network,
    Receipt,
    Settles,
    Sighting,
)
from commonground.channels.line import (
    back_to,
    moment_of,
    text_of,
)
from commonground.channels.line.containers import (
    Shelf,
    fetched,
    make,
    make_items,
    put_out,
    receipt_for,
)
from commonground.channels.line.graph import Graph, OnGraph
from commonground.channels.networks.threads.counting import length

LIMITS = Limits(
    characters=500, weigh=length, links=5,
    pictures=20, picture_bytes=8_000_000, alt_characters=1_000, shapes=(0.1, 10.0),
)  # fmt: skip
SHELF = Shelf("/me/threads", "/me/threads_publish", "status", "error_message")
FIELDS = "id,text,permalink,timestamp,media_type"


class Posts(OnGraph):
    """One account on Threads."""

    HOME, VERSION = "https://graph.threads.net", "v1.0"

    def publish(self, message: Message, *, key: str) -> Receipt:
        LIMITS.admit(message)
        line = self.line()
        return put_out(line, SHELF, make(line, SHELF, what_to_make(line, message)))

    def own(self, line: Graph, since: datetime) -> Iterator[Sighting]:
        """What we only passed on is somebody else's."""
        pages = line.pages("/me/threads", FIELDS, sighting, but=("REPOST_FACADE",))
        return back_to(since, pages)

    def prove(self) -> Account:
        line = self.line()
        with line.asking():
            handle = text_of(line.look("/me", fields="id,username")["username"])
            account = Account(f"@{handle}", f"https://www.threads.com/@{handle}")
        return Account(account.handle, account.url, line.ends())


def what_to_make(line: Graph, message: Message) -> dict[str, str]:
    """What the container of this message is made from; of several pictures, after theirs."""
    words = {"text": message.text}
    match message.pictures:
        case ():
            link = {"link_attachment": message.card.url} if message.card else {}
            return {"media_type": "TEXT", **words, **link}
        case (picture,):
            return {"media_type": "IMAGE", **words, **fetched(picture)}
    children = make_items(line, SHELF, message.pictures, media_type="IMAGE")
    return {"media_type": "CAROUSEL", **words, "children": children}


def sighting(post: Mapping[str, Any]) -> Sighting:
    return Sighting(receipt_for(post), text_of(post.get("text", "")), moment_of(post["timestamp"]))


NETWORK = Network(
    name="threads",
    label="Threads",
    settles=Settles.BY_LOOKING,
    limits=LIMITS,
    reads_pages=True,
    open=Posts,
    secrets=("token",),
    proven=False,
    needs=gettext_noop(
        "Meta lets an app post to Threads only after its App Review, for threads_basic,"
        " threads_content_publish and threads_delete; an account that is a tester of your own app"
        " may before. A sign-in lasts sixty days. Pictures are fetched from this desk, so it must"
        " be open to the internet."
    ),
    ended_at=gettext_noop("On Threads: Settings, Account, Website permissions: remove the app."),
    ask_at="https://developers.facebook.com/docs/threads/get-started",
)
