"""Nextdoor in small, on loopback.

Written from Nextdoor's documents of the Publish API: "Data Types", "Create Post", "Get Your Posts",
"Delete a Post", "Me" and "Get authorization code". What "Get Your Posts" leaves open - the name of
its list, and of two fields - is tried in each way that is in use.
"""

from __future__ import annotations

from typing import Any

from commonground.channels.contract import Adapter, Login
from commonground.channels.line.stand_in import Asked, Refusal, Reply, StandIn
from commonground.channels.networks.nextdoor.adapter import NETWORK, Posts

TOKEN = "nd-fake-token"  # noqa: S105 (it opens nothing)


def refused(status: int, error: str, description: str) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description})


class FakeNextdoor(StandIn):
    """One public agency, and its token."""

    network = NETWORK
    login = Login("one", secrets={"token": TOKEN})
    handle = "Riverside Police"
    agency = True  # whether the token is an agency's
    list_name: str | None = "posts"
    words, time = "body_text", "created_at"

    def open(self, login: Login) -> Adapter:
        return Posts(login, home=self.url)

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            raise refused(401, "unauthorized", "The access token is not valid.")
        match asked.method, asked.path.removeprefix("/external/api/partner/v1"):
            case "GET", "/me/":
                return self.me()
            case "POST", "/post/create/":
                return self.create(asked.json)
            case "GET", "/post/":
                return self.listed()
            case "DELETE", "/post/delete/":
                return self.delete(asked.query["id"])
        raise refused(404, "not_found", "There is nothing here.")

    def me(self) -> Reply:
        url = "https://nextdoor.com/agency-detail/riverside/"
        agency = {"agency_id": "a1", "agency_name": self.handle, "agency_url_at_nextdoor": url}
        return Reply({"id": "u1", "first_name": "Ines", **(agency if self.agency else {})})

    def create(self, post: Any) -> Reply:
        if not 0 < len(post["body_text"].encode()) <= 8_192:
            raise refused(400, "invalid_input", "body_text must be 1 to 8192 bytes long.")
        link = self.hold(post["body_text"])
        return Reply({"result": "success", "share_link": link})

    def hold(self, text: str) -> str:
        name = f"Nd{next(self.numbers):06}"
        self.posts[name] = {
            "text": text,
            "at": self.now().isoformat(),
            "link": f"https://nextdoor.com/p/{name}",
        }
        return str(self.posts[name]["link"])

    def listed(self) -> Reply:
        shown = [
            {self.words: p["text"], self.time: p["at"], "share_link": p["link"]}
            for p in list(self.posts.values())[-50:]
        ]
        return Reply({self.list_name: shown} if self.list_name else shown)

    def delete(self, name: str) -> Reply:
        if name not in self.posts:
            raise refused(404, "not_found", "The post does not exist.")
        del self.posts[name]
        return Reply({"message": "Post deleted successfully"})

    def alts(self, name: str) -> list[str]:
        return []


def fake() -> FakeNextdoor:
    return FakeNextdoor()
