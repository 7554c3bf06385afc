"""Publishes to a professional account on Instagram, in two steps: never without a picture."""

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
    SignInNeeded,
)
from commonground.channels.line import (
    back_to,
    id_of,
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

LIMITS = Limits(
    characters=2_200, hashtags=30, pictures=10, pictures_at_least=1, picture_bytes=8_000_000,
    alt_characters=1_000, shapes=(0.8, 1.91),
)  # fmt: skip
FIELDS = "id,caption,permalink,timestamp"


class Posts(OnGraph):
    """One account on Instagram, found through the Page it is connected to."""

    HOME = "https://graph.facebook.com"

    def publish(self, message: Message, *, key: str) -> Receipt:
        LIMITS.admit(message)
        line = self.line()
        with line.asking():
            me, _ = who(line)
        shelf = shelf_of(me)
        return put_out(line, shelf, make(line, shelf, what_to_make(line, shelf, message)))

    def own(self, line: Graph, since: datetime) -> Iterator[Sighting]:
        me, _ = who(line)
        return back_to(since, line.pages(f"/{me}/media", FIELDS, sighting))

    def prove(self) -> Account:
        line = self.line()
        with line.asking():
            _, handle = who(line)
        return Account(f"@{handle}", f"https://www.instagram.com/{handle}/", line.ends())


def who(line: Graph) -> tuple[str, str]:
    """The number and the name of the account that belongs to the Page whose token we have."""
    page = line.look("/me", fields="id,instagram_business_account{id,username}")
    id_of(page["id"])
    account = page.get("instagram_business_account")
    if account is None:
        raise SignInNeeded("No professional account on Instagram is connected to this Page.")
    return id_of(account["id"]), text_of(account["username"])


def shelf_of(me: str) -> Shelf:
    return Shelf(f"/{me}/media", f"/{me}/media_publish", "status_code", "status")


def what_to_make(line: Graph, shelf: Shelf, message: Message) -> dict[str, str]:
    """What the container of this message is made from; of several pictures, after theirs."""
    words = {"caption": message.text}
    if len(message.pictures) == 1:
        return {**words, **fetched(message.pictures[0])}
    children = make_items(line, shelf, message.pictures)
    return {"media_type": "CAROUSEL", **words, "children": children}


def sighting(post: Mapping[str, Any]) -> Sighting:
    words = text_of(post.get("caption", ""))
    return Sighting(receipt_for(post), words, moment_of(post["timestamp"]))


NETWORK = Network(
    name="instagram",
    label="Instagram",
    settles=Settles.BY_LOOKING,
    limits=LIMITS,
    open=Posts,
    secrets=("token",),
    proven=False,
    needs=gettext_noop(
        "A professional account connected to a Facebook Page. Meta lets an app post there only"
        " after its App Review and a verification of your agency, for instagram_content_publish and"
        " instagram_manage_contents; an app used only by its own administrators may before."
        " Pictures are fetched from this desk, so it must be open to the internet."
    ),
    ended_at=gettext_noop(
        "On Instagram: Settings, Website permissions, Apps and websites: remove the app."
    ),
    ask_at="https://developers.facebook.com/docs/resp-plat-initiatives/individual-processes/app-review",
)
