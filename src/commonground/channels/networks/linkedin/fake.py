"""LinkedIn in small, on loopback.

Written from LinkedIn's documents: "Posts API", "Images API", "MultiImage API", "little Text
Format", "Organization Lookup API", "Organization Access Control", "Versioning", "Error Handling"
and "Rate Limiting".
"""

from __future__ import annotations

import re
from typing import Any

from commonground.channels.contract import Adapter, Login
from commonground.channels.line.stand_in import Asked, Refusal, Reply, StandIn
from commonground.channels.networks.linkedin import words
from commonground.channels.networks.linkedin.adapter import NETWORK, Posts

TOKEN = "AQfakeTokenOfAnAdministrator"  # noqa: S105 (it opens nothing)
OURS = "urn:li:organization:2414183"


def refused(status: int, code: str, message: str, service: int = 0) -> Refusal:
    said = {"status": status, "code": code, "message": message}
    return Refusal(status, said | ({"serviceErrorCode": service} if service else {}))


class FakeLinkedIn(StandIn):
    """One page, and the token of one of its administrators."""

    network = NETWORK
    login = Login("one", handle="riverside-police", secrets={"token": TOKEN})
    handle = "riverside-police"
    versions = ("202605", "202608", "202611")  # some that still answer
    roles = (OURS,)  # the pages on which this token has one

    def __init__(self) -> None:
        super().__init__()
        self.images: set[str] = set()

    def open(self, login: Login) -> Adapter:
        return Posts(login, home=self.url)

    def answer(self, asked: Asked) -> Reply:
        self.let_in(asked)
        match asked.method, asked.path.split("/")[2:]:
            case "GET", ["organizations"]:
                return self.look_up(asked.query["vanityName"])
            case "GET", ["organizationAcls"]:
                return Reply({"elements": [{"organization": o} for o in self.roles]})
            case "PUT", [name]:
                self.images.add(name)
                return Reply(status=201)
            case "POST", ["images"]:
                return self.expect(asked.json)
            case "POST", ["posts"]:
                return self.create(asked.json)
            case "GET", ["posts"]:
                return self.listed(asked)
            case "DELETE", ["posts", name]:
                self.posts.pop(name, None)
                return Reply(status=204)
        raise refused(404, "RESOURCE_NOT_FOUND", "No virtual resource found")

    def let_in(self, asked: Asked) -> None:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            raise refused(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
        if asked.method == "PUT":  # where pictures go is no part of the versioned API
            return
        if asked.headers.get("linkedin-version") not in self.versions:
            raise refused(426, "NONEXISTENT_VERSION", "Requested version is not active")
        if asked.headers.get("x-restli-protocol-version") != "2.0.0":
            raise refused(400, "ILLEGAL_ARGUMENT", "Invalid protocol version")

    def look_up(self, name: str) -> Reply:
        found = {"id": 2414183, "vanityName": self.handle, "localizedName": "Riverside Police"}
        return Reply({"elements": [found] if name == self.handle else []})

    def expect(self, said: Any) -> Reply:
        if said["initializeUploadRequest"]["owner"] != OURS:
            raise refused(403, "ACCESS_DENIED", "Not enough permissions to access: images")
        image = f"urn:li:image:C4E10AQ{next(self.numbers)}"
        place = f"{self.url}/dms-uploads/{image}"
        return Reply({"value": {"uploadUrl": place, "image": image}})

    def create(self, post: Any) -> Reply:
        if post["author"] != OURS:
            raise refused(403, "ACCESS_DENIED", "Organization permissions must be used")
        little = post["commentary"]
        bare = re.sub(r"\\.|\{hashtag\|[^}]*\}|@\[[^\]]*\]\([^)]*\)", "", little, flags=re.S)
        if found := re.search(r"[|{}@\[\]()<>#*_~]", bare):
            words_ = f"commentary has a reserved character that is not escaped: {found.group()}"
            raise refused(400, "INVALID_COMMENTARY", words_)
        if len(words.read(little)) > 3_000:
            raise refused(422, "FIELD_LENGTH_TOO_LONG", "commentary is too long")
        for name, other in self.posts.items():
            if other["commentary"] == little:
                raise refused(422, "DUPLICATE_POST", f"Content is a duplicate of {name}")
        return self.hold(little, pictures_in(post.get("content", {})))

    def hold(self, little: str, pictures: list[dict[str, str]]) -> Reply:
        if not {p["id"] for p in pictures} <= self.images:
            raise refused(400, "INVALID_CONTENT", "The image was never uploaded")
        name = f"urn:li:share:{7_000_000_000_000_000_000 + next(self.numbers)}"
        self.posts[name] = {
            "commentary": little,
            "createdAt": int(self.now().timestamp() * 1000),
            "lifecycleState": "PUBLISHED",
            "alts": [p["altText"] for p in pictures],
        }
        return Reply(status=201, headers={"x-restli-id": name})

    def listed(self, asked: Asked) -> Reply:
        if asked.headers.get("x-restli-method") != "FINDER" or asked.query["author"] != OURS:
            raise refused(403, "ACCESS_DENIED", "Not enough permissions to access: posts.FINDER")
        newest, start = list(self.posts.items())[::-1], int(asked.query["start"])
        page = newest[start : start + int(asked.query["count"])]
        elements = [{"id": n, "author": OURS, **p} for n, p in page]
        return Reply({"elements": elements, "paging": {"start": start, "count": len(page)}})

    def alts(self, name: str) -> list[str]:
        return list(self.posts[name]["alts"])


def pictures_in(content: dict[str, Any]) -> list[dict[str, str]]:
    if "media" in content:
        return [content["media"]]
    return list(content.get("multiImage", {}).get("images", []))


def fake() -> FakeLinkedIn:
    return FakeLinkedIn()
