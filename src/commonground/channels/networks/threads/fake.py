"""Threads in small, on loopback.

Written from Meta's documents of the Threads API: "Threads Posts", "Retrieve posts", "Delete
posts", "Debug access token", "Overview" (limits) and "Troubleshooting".
"""

from __future__ import annotations

from commonground.channels.contract import Adapter, Login
from commonground.channels.line.stand_in import Asked, Reply
from commonground.channels.line.stand_in_graph import TOKEN, StandInContainers, refused
from commonground.channels.networks.threads.adapter import NETWORK, Posts
from commonground.channels.networks.threads.counting import length


class FakeThreads(StandInContainers):
    """One account, and its token."""

    network = NETWORK
    login = Login("one", secrets={"token": TOKEN})
    handle = "@desk"
    version = Posts.VERSION

    def open(self, login: Login) -> Adapter:
        return Posts(login, home=self.url)

    def serve(self, method: str, path: list[str], said: dict[str, str], asked: Asked) -> Reply:
        match method, path:
            case "GET", ["me"]:
                return Reply({"id": "25", "username": "desk"})
            case "POST", ["me", "threads"]:
                return self.made(said)
            case "POST", ["me", "threads_publish"]:
                return self.put_out(said["creation_id"])
            case "GET", ["me", "threads"]:
                return self.listed(said)
            case "GET", [name]:
                return self.one(name, said)
        raise refused(2500, "Unknown path components")

    def made(self, said: dict[str, str]) -> Reply:
        kind = said["media_type"]
        if length(said.get("text", "")) > 500:
            raise refused(100, "Param text must be at most 500 characters long.")
        if kind == "TEXT" and not said.get("text"):
            raise refused(100, "The parameter text is required.")
        if "link_attachment" in said and kind != "TEXT":
            raise refused(100, "link_attachment is for text only.")
        if kind == "CAROUSEL" and not 2 <= len(said["children"].split(",")) <= 20:
            raise refused(100, "A carousel has 2 to 20 children.")
        return self.make(said)


def fake() -> FakeThreads:
    return FakeThreads()
