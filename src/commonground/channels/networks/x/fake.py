"""X in small, on loopback.

Written from docs.x.com: "Creating a signature", "Create Post", "Delete Post", "Get Posts" of a
user, "Upload media", "Create media metadata", "Counting characters", "Rate limits", "Error
troubleshooting" and "Response codes and errors".
"""

from __future__ import annotations

import html
import re
from typing import Any

from commonground.channels.contract import Adapter, Login
from commonground.channels.line.stand_in import Asked, Refusal, Reply, StandIn
from commonground.channels.networks.x.adapter import NETWORK, Posts
from commonground.channels.networks.x.counting import LINK, weight
from commonground.channels.networks.x.signing import Keys, signature

WORDS = ("a-key", "a-key-secret", "42-a-token", "a-token-secret")


def refused(status: int, title: str, detail: str, **headers: str) -> Refusal:
    kind = "about:blank" if status in (401, 403) else "https://api.x.com/2/problems/invalid-request"
    return Refusal(
        status, {"title": title, "detail": detail, "type": kind, "status": status}, **headers
    )


class FakeX(StandIn):
    """One account, number 42, and the four words that open it."""

    network = NETWORK
    login = Login("one", secrets=dict(zip(NETWORK.secrets, WORDS, strict=True)))
    handle = "@desk"

    def __init__(self) -> None:
        super().__init__()
        self.media: dict[str, str] = {}  # the words for each picture, by its number
        self.beneath: dict[str, str] = {}  # what each post answers, by their numbers

    def open(self, login: Login) -> Adapter:
        return Posts(login, home=self.url)

    def answer(self, asked: Asked) -> Reply:
        self.let_in(asked)
        match asked.method, asked.path.split("/")[2:]:
            case "POST", ["tweets"]:
                return self.create(asked.json)
            case "DELETE", ["tweets", name]:
                return self.delete(name)
            case "GET", ["users", "me"]:
                who = {"id": "42", "name": "Riverside Police", "username": "desk"}
                return Reply({"data": who})
            case "GET", ["users", "42", "tweets"]:
                return self.timeline(asked.query)
            case "POST", ["media", "upload"]:
                return self.take(asked.form)
            case "POST", ["media", "metadata"]:
                return self.describe(asked.json)
        raise refused(404, "Not Found Error", "Could not find it.")

    def let_in(self, asked: Asked) -> None:
        """The signature must be the one that our own four words would give."""
        found = re.findall(r'(\w+)="([^"]*)"', asked.headers.get("authorization", ""))
        said = {k: v.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=") for k, v in found}
        given = said.pop("oauth_signature", "")
        right = signature(
            asked.method, self.url + asked.path, {**asked.query, **said}, Keys(*WORDS)
        )
        if given != right or said.get("oauth_token") != WORDS[2]:
            raise refused(401, "Unauthorized", "Unauthorized")

    def create(self, post: dict[str, Any]) -> Reply:
        text, pictures = post.get("text", ""), post.get("media", {}).get("media_ids", [])
        if weight(text) > 280:
            raise refused(403, "Forbidden", "Your Tweet text is too long.")
        if any(text == p["typed"] for p in self.posts.values()):
            words = "You are not allowed to create a Tweet with duplicate content."
            raise refused(403, "Forbidden", words)
        if len(pictures) > 4 or not set(pictures) <= set(self.media):
            raise refused(400, "Invalid Request", "Your media IDs are invalid.")
        answered = post.get("reply", {}).get("in_reply_to_tweet_id")
        if answered and answered not in self.posts:
            words = "You attempted to reply to a Tweet that is deleted or not visible to you."
            raise refused(403, "Forbidden", words)
        name = str(1_900_000_000_000_000_000 + next(self.numbers))
        self.posts[name] = self.shown(name, text, pictures)
        self.beneath[name] = post.get("reply", {}).get("in_reply_to_tweet_id", "")
        return Reply({"data": {"id": name, "text": self.posts[name]["text"]}}, 201)

    def shown(self, name: str, text: str, pictures: list[str]) -> dict[str, Any]:
        """Links become X's own, signs become entities, pictures become one more link."""
        urls: list[dict[str, Any]] = []

        def short(found: re.Match[str]) -> str:
            link = f"https://t.co/{name[-4:]}{len(urls)}"
            typed = found.group()
            whole = typed if typed.startswith("http") else f"http://{typed}"
            urls.append({"url": link, "expanded_url": whole, "display_url": "…"})
            return link

        words = html.escape(LINK.sub(short, text), quote=False)
        if pictures:
            link = f"https://t.co/{name[-4:]}picture"
            words = f"{words} {link}"
            urls += [{"url": link, "expanded_url": f"https://x.com/desk/status/{name}/photo/1",
                      "media_key": f"3_{picture}"} for picture in pictures]  # fmt: skip
        at = self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"typed": text, "text": words, "created_at": at, "pictures": pictures,
                "entities": {"urls": urls} if urls else None}  # fmt: skip

    def delete(self, name: str) -> Reply:
        if name not in self.posts:
            raise refused(404, "Not Found Error", f"Could not find tweet with id: [{name}].")
        del self.posts[name]
        return Reply({"data": {"deleted": True}})

    def timeline(self, query: Any) -> Reply:
        since = query["start_time"]
        newest = [(n, p) for n, p in self.posts.items() if p["created_at"] >= since][::-1]
        start, most = int(query.get("pagination_token", 0)), int(query["max_results"])
        page = [
            {k: v for k, v in {"id": n, **p}.items() if k not in ("typed", "pictures") and v}
            for n, p in newest[start : start + most]
        ]
        meta: dict[str, Any] = {"result_count": len(page)}
        if start + most < len(newest):
            meta["next_token"] = str(start + most)
        return Reply({"data": page, "meta": meta} if page else {"meta": meta})

    def take(self, form: dict[str, bytes]) -> Reply:
        if form["media_category"] != b"tweet_image" or len(form["media"]) > 5_000_000:
            raise refused(400, "Invalid Request", "media type unrecognized")
        name = str(1_800_000_000_000_000_000 + next(self.numbers))
        self.media[name] = ""
        return Reply({"data": {"id": name, "media_key": f"3_{name}", "expires_after_secs": 86_400}})

    def describe(self, said: Any) -> Reply:
        words = said["metadata"]["alt_text"]["text"]
        if len(words) > 1_000:
            raise refused(400, "Invalid Request", "The alt text is too long.")
        self.media[said["id"]] = words
        return Reply({"data": {"id": said["id"]}})

    def alts(self, name: str) -> list[str]:
        return [self.media[picture] for picture in self.posts[name]["pictures"]]


def fake() -> FakeX:
    return FakeX()
