"""Publishes to the neighbourhoods of a public agency on Nextdoor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from commonground.channels.contract import (
    Account,
    Declined,
    Limits,
    Login,
    Message,
    Network,
    Receipt,
    Settles,
    Sighting,
    SignInNeeded,
)
from commonground.channels.line import (
    CLOCKS_DIFFER,
    Line,
    Looking,
    Manners,
    bearing,
    id_of,
    moment_of,
    our_id,
    secret_of,
    text_of,
    url_of,
)

PLACE = "/external/api/partner/v1"
# Nextdoor shows pictures, and takes no words for people who cannot see them: so none.
LIMITS = Limits(characters=8_192, bytes=8_192, pictures=0)
MANNERS = Manners(lambda said: said.get("error_description") or said.get("message"))
LISTS = ("posts", "results", "data")
LINK = re.compile(r"(https://[a-z.]*nextdoor\.[a-z.]+/p/([A-Za-z0-9_-]{1,100}))/?(?:\?.*)?")


class Posts(Looking[Line]):
    """One agency, whom the token knows. It speaks to all the neighbourhoods it serves."""

    HOME = "https://nextdoor.com"

    def __init__(self, login: Login, patience: float = 30.0, home: str | None = None) -> None:
        # Canada, Britain and others each have a server of their own.
        super().__init__(login, patience, login.address if home is None and login.address else home)

    def line(self) -> Line:
        return bearing(self.home, self.patience, MANNERS, secret_of(self.login))

    def publish(self, message: Message, *, key: str) -> Receipt:
        LIMITS.admit(message)
        line = self.line()
        post = {"body_text": message.text}
        if message.card:
            post["smartlink_url"] = message.card.url
        with line.asking(acting=True):
            return receipt_for(line.ask("POST", f"{PLACE}/post/create/", json=post))

    def own(self, line: Line, since: datetime) -> Iterator[Sighting]:
        """The newest posts, in no promised order and on one page: Nextdoor gives about fifty."""
        posts = listed_in(line.ask("GET", f"{PLACE}/post/"))
        seen = sorted(map(sighting, posts), key=lambda s: s.at or since, reverse=True)
        return (s for s in seen if s.at and s.at >= since - CLOCKS_DIFFER)

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        line, name = self.line(), our_id(receipt)
        try:
            with line.asking(acting=True):
                said = line.ask("DELETE", f"{PLACE}/post/delete/", params={"id": name})
                text_of(said["message"])
        except Declined:
            if line.status != 404:
                raise

    def prove(self) -> Account:
        """Only an agency may speak to all: the token of a neighbour must not pass for one."""
        line = self.line()
        with line.asking():
            me = line.ask("GET", f"{PLACE}/me/")
            id_of(me["id"]), text_of(me["first_name"])
            if not me.get("agency_id"):
                raise SignInNeeded("This is the token of a neighbour, not of a public agency.")
            return Account(text_of(me["agency_name"]), url_of(me["agency_url_at_nextdoor"]))


def listed_in(said: Any) -> list[Mapping[str, Any]]:
    """The posts of an answer. The document leaves open what they stand in; nothing is no list."""
    for posts in (said, *(said.get(k) for k in LISTS if isinstance(said, dict))):
        if isinstance(posts, list):
            return posts
    raise ValueError("an answer without a list")


def receipt_for(post: Mapping[str, Any]) -> Receipt:
    """The name of a post is the end of the link that people share."""
    link = LINK.fullmatch(url_of(post["share_link"]))
    if link is None:
        raise ValueError("an answer without a link")
    return Receipt(link[2], link[1])


def sighting(post: Mapping[str, Any]) -> Sighting:
    words = text_of(post["body_text"] if "body_text" in post else post["body"])
    at = post["created_at"] if "created_at" in post else post["creation_date"]
    return Sighting(receipt_for(post), words, moment_of(at))


NETWORK = Network(
    name="nextdoor",
    label="Nextdoor",
    settles=Settles.BY_LOOKING,
    limits=LIMITS,
    reads_pages=True,
    open=Posts,
    secrets=("token",),
    needs_address=True,
    proven=False,
    needs=gettext_noop(
        "Nextdoor opens its Publish API to approved partners only, and to public agencies that have"
        " an agency account. Its public documents leave parts of the answers open, so try it with"
        " something harmless first."
    ),
    ended_at=gettext_noop(
        "Ask Nextdoor’s support for public agencies to end the key, and for a new one."
    ),
    ask_at="https://developer.nextdoor.com/docs/publish-to-nextdoor",
)
