"""The Graph API in small: what the stand-ins of Meta's networks share.

Written from "Handling errors", "Debug token" and "Paginated results" of the Graph API.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from commonground.channels.line.graph import VERSION
from commonground.channels.line.stand_in import Asked, Refusal, Reply, StandIn

TOKEN = "EAAfakeTokenOfAPage"  # noqa: S105 (it opens nothing)


def refused(code: int, message: str, subcode: int = 0, status: int = 400) -> Refusal:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2C3"}
    return Refusal(status, {"error": error | ({"error_subcode": subcode} if subcode else {})})


class StandInGraph(StandIn):
    """One token, and what it opens."""

    version = VERSION
    ends_at: int | None = 0  # seconds since 1970; 0 is never, None: it does not tell

    def answer(self, asked: Asked) -> Reply:
        said = asked.says
        if said.get("access_token") != TOKEN:
            raise refused(190, "Invalid OAuth access token - Cannot parse access token")
        version, *path = asked.path.strip("/").split("/")
        if version != self.version:
            raise refused(2635, "You are calling a deprecated version of the Graph API.")
        if path == ["debug_token"]:
            return self.debug()
        if asked.method == "DELETE" and len(path) == 1:
            return self.delete(path[0])
        return self.serve(asked.method, path, said, asked)

    @abstractmethod
    def serve(self, method: str, path: list[str], said: dict[str, str], asked: Asked) -> Reply:
        """What this network would say, once it knows who asks."""

    def debug(self) -> Reply:
        if self.ends_at is None:
            raise refused(100, "(#100) You must provide an app access token")
        told = {"is_valid": True, "expires_at": self.ends_at, "data_access_expires_at": 0}
        return Reply({"data": told})

    def delete(self, name: str) -> Reply:
        if name not in self.posts:
            raise self.unknown(name)
        del self.posts[name]
        return Reply({"success": True})

    def unknown(self, name: str) -> Refusal:
        words = (
            f"Unsupported request. Object with ID '{name}' does not exist, cannot be loaded due to"
            " missing permissions, or does not support this operation"
        )
        return refused(100, words, 33)

    def listed(self, said: dict[str, str]) -> Reply:
        """Newest first, only the fields that were asked for."""
        newest, fields = list(self.posts.items())[::-1], said["fields"].split(",")
        start, most = int(said.get("after") or 0), int(said["limit"])
        page = [
            {k: v for k, v in {"id": name, **post}.items() if k in fields}
            for name, post in newest[start : start + most]
        ]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + most)}}
        if start + most < len(newest):
            paging["next"] = f"{self.url}/next"
        return Reply({"data": page, "paging": paging} if page else {"data": []})

    def stamp(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%S+0000")


class StandInContainers(StandInGraph):
    """Containers, and the posts that come of them. Each is put out once at most."""

    status, why, words = "status", "error_message", "text"
    most_characters = 500
    slow = 0  # how often it is asked before a picture is ready
    bad_picture = ""  # what is wrong with the next one

    def __init__(self) -> None:
        super().__init__()
        self.containers: dict[str, dict[str, Any]] = {}

    def make(self, said: dict[str, str]) -> Reply:
        words, url = said.get(self.words, ""), said.get("image_url", "")
        if len(words) > self.most_characters:
            raise refused(100, "Param text must be shorter.")
        if url and not url.endswith(".jpg"):
            raise refused(9004, "Only photo or video can be accepted as media type.", 2207052)
        children = [self.containers[n] for n in said.get("children", "").split(",") if n]
        pictures = [said["alt_text"]] if url else [p for c in children for p in c["pictures"]]
        name = str(17_800_000 + next(self.numbers))
        self.containers[name] = {"said": said, "pictures": pictures, "asked": 0, "out": False}
        return Reply({"id": name})

    def progress(self, name: str) -> Reply:
        held = self.containers[name]
        held["asked"] += 1
        if held["pictures"] and self.bad_picture:
            return Reply({self.status: "ERROR", self.why: self.bad_picture, "id": name})
        done = not held["pictures"] or held["asked"] > self.slow
        status = "PUBLISHED" if held["out"] else "FINISHED" if done else "IN_PROGRESS"
        return Reply({self.status: status, "id": name})

    def put_out(self, name: str) -> Reply:
        held = self.containers.get(name)
        if held is None or held["out"]:
            raise refused(24, "The requested resource does not exist", 2207006)
        if held["pictures"] and held["asked"] <= self.slow:
            raise refused(9007, "Media ID is not available", 2207027)
        held["out"] = True
        post = str(18_000_000 + next(self.numbers))
        self.posts[post] = self.shown(post, held["said"].get(self.words, ""), held["pictures"])
        return Reply({"id": post})

    def shown(self, name: str, words: str, pictures: list[str]) -> dict[str, Any]:
        """A post as it is listed."""
        return {self.words: words, "permalink": f"https://www.example/p/{name}",
                "timestamp": self.stamp(), "pictures": pictures}  # fmt: skip

    def one(self, name: str, said: dict[str, str]) -> Reply:
        if name in self.containers:
            return self.progress(name)
        if name not in self.posts:
            raise self.unknown(name)
        wanted = said["fields"].split(",")
        return Reply({k: v for k, v in {"id": name, **self.posts[name]}.items() if k in wanted})

    def alts(self, name: str) -> list[str]:
        return list(self.posts[name]["pictures"])
