"""A Facebook Page in small, on loopback.

Written from Meta's documents: "Posts" of the Pages API, "Page Feed", "Page Photos", "Page
Published Posts", "Handling errors" and "Rate limits" of the Graph API.
"""

from __future__ import annotations

import json
from typing import Any

from commonground.channels.contract import Adapter, Login
from commonground.channels.line.stand_in import Asked, Reply
from commonground.channels.line.stand_in_graph import TOKEN, StandInGraph, refused
from commonground.channels.networks.facebook.adapter import NETWORK, Posts

PAGE = "1029384756"


class FakePage(StandInGraph):
    """One Page, and its token."""

    network = NETWORK
    login = Login("one", secrets={"token": TOKEN})
    handle = "Riverside Police"
    of_a_person = False  # the token somebody gave

    def __init__(self) -> None:
        super().__init__()
        self.photos: dict[str, str] = {}  # the words for each picture, by its id

    def open(self, login: Login) -> Adapter:
        return Posts(login, home=self.url)

    def serve(self, method: str, path: list[str], said: dict[str, str], asked: Asked) -> Reply:
        match method, path:
            case "GET", ["me"]:
                return self.me(said)
            case "POST", ["me", "photos"]:
                return self.take(said, asked)
            case "POST", ["me", "feed"]:
                return self.create(said)
            case "GET", ["me", "published_posts"]:
                return self.listed(said)
        raise refused(2500, "Unknown path components")

    def me(self, said: dict[str, str]) -> Reply:
        if self.of_a_person and "category" in said["fields"]:
            raise refused(
                100, "(#100) Tried accessing nonexisting field (category) on node type (User)"
            )
        return Reply({"id": PAGE, "name": self.handle, "category": "Police station"})

    def take(self, said: dict[str, str], asked: Asked) -> Reply:
        if not asked.form.get("source") or said.get("published") != "false":
            raise refused(324, "Missing or invalid image file")
        name = str(500_000 + next(self.numbers))
        self.photos[name] = said["alt_text_custom"]
        return Reply({"id": name})

    def create(self, said: dict[str, str]) -> Reply:
        message = said.get("message", "")
        attached = [json.loads(v) for k, v in said.items() if k.startswith("attached_media[")]
        pictures = [a["media_fbid"] for a in attached]
        newest: Any = next(reversed(self.posts.values()), None)
        if newest and newest["message"] == message and not pictures:
            raise refused(506, "Duplicate status message")
        if not set(pictures) <= set(self.photos):
            raise refused(100, "Invalid parameter")
        if len(message) > 63_206 or not (message or pictures):
            raise refused(100, "Invalid parameter")
        name = f"{PAGE}_{700_000 + next(self.numbers)}"
        self.posts[name] = {"message": message, "created_time": self.stamp(), "pictures": pictures}
        return Reply({"id": name})

    def alts(self, name: str) -> list[str]:
        return [self.photos[picture] for picture in self.posts[name]["pictures"]]


def fake() -> FakePage:
    return FakePage()
