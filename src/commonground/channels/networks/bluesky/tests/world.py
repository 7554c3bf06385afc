"""People of a real Bluesky, and what they write, without this desk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from django.utils import timezone
from tests.peers import peers

from commonground.channels.contract import Login
from commonground.channels.contract.incoming import Batch
from commonground.channels.networks.bluesky.hearing import hears

POSTS = "app.bsky.feed.post"
type Place = dict[str, str]  # the address and the digest of a post


@dataclass
class Person:
    """Somebody with an account, who writes with another program than ours."""

    server: peers.BlueskyServer
    account: peers.BlueskyAccount = field(init=False)

    def __post_init__(self) -> None:
        self.account = self.server.account()

    @property
    def did(self) -> str:
        return self.account.did

    @property
    def login(self) -> Login:
        secrets = {"app_password": self.account.password}
        return Login(self.did, self.server.url, self.account.handle, secrets)

    @cached_property
    def token(self) -> str:
        said = {"identifier": self.account.handle, "password": self.account.main_password}
        return str(self.server.call("com.atproto.server.createSession", said)["accessJwt"])

    def writes(
        self, text: str, beneath: Place | None = None, *, root: Place | None = None,
        at: datetime | None = None, mentions: str = "", **record: Any,
    ) -> Place:  # fmt: skip
        """The address and digest of what they wrote."""
        said = {"$type": POSTS, "text": text, "langs": ["en"],
                "createdAt": written(at or timezone.now()), **record}  # fmt: skip
        if beneath:
            said["reply"] = {"parent": beneath, "root": root or beneath}
        if mentions:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": mentions}
            place = {"byteStart": 0, "byteEnd": len(text.encode())}
            said["facets"] = [{"index": place, "features": [feature]}]
        asked = {"repo": self.did, "collection": POSTS, "record": said}
        made = self.server.call("com.atproto.repo.createRecord", asked, self.token)
        return {"uri": made["uri"], "cid": made["cid"]}

    def says(self, text: str) -> Place:
        """The same, and the AppView has read it: a reply that it saw before would not be told."""
        made = self.writes(text)
        asked = partial(self.server.call, "app.bsky.feed.getPosts", token=self.token)
        until(lambda: asked(uris=made["uri"])["posts"], bool)
        return made

    def quotes(self, text: str, what: Place) -> Place:
        return self.writes(text, embed={"$type": "app.bsky.embed.record", "record": what})

    def deletes(self, post: Place) -> None:
        asked = {"repo": self.did, "collection": POSTS, "rkey": post["uri"].rpartition("/")[2]}
        self.server.call("com.atproto.repo.deleteRecord", asked, self.token)


def written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def until[T](look: Callable[[], T], enough: Callable[[T], bool], seconds: float = 60) -> T:
    """What is seen once it is enough; the AppView reads servers in its own time."""
    give_up = time.monotonic() + seconds
    while not enough(seen := look()):
        assert time.monotonic() < give_up, seen
        time.sleep(0.2)
    return seen


def all_since(login: Login, cursor: str, many: int) -> list[Batch]:
    """Batch by batch, until so many messages came."""
    found: list[Batch] = []

    def look() -> int:
        nonlocal cursor
        batch = hears(login, cursor)
        found.append(batch)
        cursor = batch.cursor
        return len({said.id for one in found for said in one.said})

    until(look, lambda seen: seen >= many)
    return found
