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
