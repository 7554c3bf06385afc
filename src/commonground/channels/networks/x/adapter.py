"""Publishes to an account on X."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from commonground.channels.contract import (
    Account,
    Declined,
    Limits,
    Login,
    Message,
    Network,
    Picture,
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
    Page,
    back_to,
    id_of,
    moment_of,
    our_id,
    secret_of,
    text_of,
)
from commonground.channels.networks.x.counting import LINK_WEIGHS, weight
from commonground.channels.networks.x.signing import Keys, authorization

LIMITS = Limits(
    characters=280, link_counts=LINK_WEIGHS, weigh=weight,
    pictures=4, picture_bytes=5_000_000, alt_characters=1_000,
)  # fmt: skip
SECRETS = ("api_key", "api_key_secret", "access_token", "access_token_secret")
# X says all of these with 403, which elsewhere means that it does not know us.
ABOUT_THE_WORDS = re.compile(
    r"duplicate|too long|shorter|not allowed to create a (Tweet|Post)"
    r"|reply|deleted or not visible",
    re.I,
)
ABOUT_THE_EARLIER = re.compile(r"reply|deleted or not visible", re.I)
FIELDS = {"tweet.fields": "created_at,entities,note_tweet", "exclude": "retweets"}


def status_of(status: int, said: Mapping[str, Any]) -> int:
    if status == 403 and ABOUT_THE_WORDS.search(str(said.get("detail", ""))):
        return 422
    # Nothing was done, for want of credit: it waits while somebody pays.
    return 429 if status == 402 else status


def waits(headers: Mapping[str, str]) -> list[str | None]:
    """Which of its two counts ran out: that of the day, or that of the quarter of an hour."""
    day = headers.get("x-user-limit-24hour-remaining") == "0"
    reset = "x-user-limit-24hour-reset" if day else "x-rate-limit-reset"
    return [headers.get("retry-after"), headers.get(reset)]


MANNERS = Manners(lambda said: said.get("detail") or said.get("title"), status_of, waits)


def put_out(line: Line, post: Mapping[str, Any]) -> Receipt:
    with line.asking(acting=True):
        return receipt_for(line.ask("POST", "/2/tweets", json=post)["data"]["id"])


class Signed(Line):
    """A line on which every question is signed."""

    def __init__(self, login: Login, home: str, patience: float) -> None:
        words = tuple(secret_of(login, name) for name in SECRETS)
        super().__init__(home, patience, MANNERS, hidden=words)
        self.keys = Keys(*words)

    def send(self, method: str, path: str, **question: Any) -> Any:
        header = authorization(
            method, self.base + path, question.get("params", {}), self.keys,
            nonce=secrets.token_hex(16), at=int(timezone.now().timestamp()),
        )  # fmt: skip
        return super().send(method, path, headers={"Authorization": header}, **question)

    @property
    def me(self) -> str:
        """The account's number. A token begins with it, which saves us a costly question."""
        number = self.keys.access_token.partition("-")[0]
        if not number.isdigit():
            raise SignInNeeded("This is not an access token of an X account.")
        return number

    def page_after(self, since: datetime, mark: str) -> Page:
        # X charges for each post that it lists, so it is asked for no older ones.
        start = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        query = {**FIELDS, "max_results": "100", "start_time": start}
        if mark:
            query["pagination_token"] = mark
        said = self.ask("GET", f"/2/users/{self.me}/tweets", params=query)
        posts = said["data"] if said["meta"]["result_count"] else []
        return [sighting(post) for post in posts], str(said["meta"].get("next_token", ""))


class Posts(Looking[Signed]):
    """One account on X."""

    HOME = "https://api.x.com"

    def line(self) -> Signed:
        return Signed(self.login, self.home, self.patience)

    def publish(self, message: Message, *, key: str) -> Receipt:
        """Put it out. X has no key for a repetition, but refuses words it has just shown."""
        LIMITS.admit(message)
        line = self.line()
        pictures = [upload(line, picture) for picture in message.pictures]
        post: dict[str, Any] = {"text": message.text}
        if pictures:
            post["media"] = {"media_ids": pictures}
        if message.corrects:
            try:
                beneath = {"reply": {"in_reply_to_tweet_id": our_id(message.corrects)}}
                return put_out(line, post | beneath)
            except Declined as no:
                # What it corrects may be gone: then the words must stand by themselves. Any other
                # refusal is final. "Duplicate" above all: an earlier attempt may stand there.
                if isinstance(no, SignInNeeded) or not ABOUT_THE_EARLIER.search(str(no)):
                    raise
        return put_out(line, post)

    def own(self, line: Signed, since: datetime) -> Iterator[Sighting]:
        return back_to(since, partial(line.page_after, since - CLOCKS_DIFFER))

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        line, name = self.line(), our_id(receipt)
        try:
            with line.asking(acting=True):
                if line.ask("DELETE", f"/2/tweets/{name}")["data"]["deleted"] is not True:
                    raise ValueError("an answer about something else")
        except Declined:
            if line.status != 404:
                raise

    def prove(self) -> Account:
        line = self.line()
        with line.asking():
            handle = id_of(line.ask("GET", "/2/users/me")["data"]["username"])
            return Account(f"@{handle}", f"https://x.com/{handle}")


def upload(line: Line, picture: Picture) -> str:
    """Hand over a picture and its words. Nothing is public yet, so trouble here is no doubt."""
    kind = {"media_category": "tweet_image", "media_type": picture.type}
    files = {"media": ("picture", picture.content, picture.type)}
    with line.asking():
        name = id_of(line.ask("POST", "/2/media/upload", data=kind, files=files)["data"]["id"])
        words = {"id": name, "metadata": {"alt_text": {"text": picture.alt}}}
        line.ask("POST", "/2/media/metadata", json=words)
        return name


def receipt_for(name: object) -> Receipt:
    # By the number alone: a handle may change, and the link in the record must not die.
    return Receipt(id_of(name), f"https://x.com/i/status/{name}")


def sighting(post: Mapping[str, Any]) -> Sighting:
    whole = post.get("note_tweet") or post
    words = words_of(text_of(whole["text"]), whole.get("entities") or {})
    return Sighting(receipt_for(post["id"]), words, moment_of(post["created_at"]))


def words_of(text: str, entities: Mapping[str, Any]) -> str:
    """As it was typed: X shows every link as one of its own, and one more for the pictures."""
    words = html.unescape(text)
    for link in entities.get("urls", []):
        # Whoever types an http today leaves it out, and X writes it before what had none.
        typed = "" if "media_key" in link else link["expanded_url"].removeprefix("http://")
        words = words.replace(link["url"], typed, 1)
    return words.strip()


NETWORK = Network(
    name="x",
    label="X",
    settles=Settles.BY_LOOKING,
    limits=LIMITS,
    reads_pages=True,
    open=Posts,
    secrets=SECRETS,
    lasting=True,
    proven=False,
    needs=gettext_noop(
        "X lets programs post only for money: a developer account with credit, or a paid plan."
        " Every post we write and every one we look up is charged."
    ),
    ended_at=gettext_noop(
        "On X: Settings, Security and account access, Apps and sessions: revoke the app. In the"
        " developer portal, make new keys."
    ),
    ask_at="https://developer.x.com/en/portal/petition/essential/basic-info",
)
