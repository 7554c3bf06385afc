"""Publishes to the page of an organisation on LinkedIn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

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
    Line,
    Looking,
    Manners,
    NoSuccess,
    Page,
    back_to,
    id_of,
    secret_of,
    text_of,
)
from commonground.channels.networks.linkedin import words

# LinkedIn keeps a version for a year at least, then answers 426: move on once a year.
VERSION = "202605"
LIMITS = Limits(characters=3_000, pictures=20, picture_bytes=8_000_000, alt_characters=4_086)
MANNERS = Manners(lambda said: said.get("message"))
POST = re.compile(r"urn:li:(share|ugcPost):[0-9]{1,30}")
IMAGE = re.compile(r"urn:li:image:[A-Za-z0-9_-]{1,100}")
PAGE = 100


class Posts(Looking[Line]):
    """One organisation's page; its handle is the name at the end of its address."""

    HOME = "https://api.linkedin.com"

    def line(self) -> Line:
        token = secret_of(self.login)
        headers = {
            "Authorization": f"Bearer {token}",
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        return Line(self.home, self.patience, MANNERS, headers, hidden=(token,))

    def publish(self, message: Message, *, key: str) -> Receipt:
        LIMITS.admit(message)
        line = self.line()
        with line.asking():
            owner, _ = organisation(line, self.login)
            images = [(upload(line, picture, owner), picture.alt) for picture in message.pictures]
            seen = None if images else message.card and message.card.picture
            thumb = upload(line, seen, owner) if seen else ""
        with line.asking(acting=True):
            answer = line.send("POST", "/rest/posts", json=post_of(message, owner, images, thumb))
            return receipt_for(answer.headers.get("x-restli-id"))

    def own(self, line: Line, since: datetime) -> Iterator[Sighting]:
        owner, _ = organisation(line, self.login)
        return back_to(since, lambda mark: page_after(line, owner, mark))

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        if not POST.fullmatch(receipt.network_id):
            raise Declined("This was never the id of a post there.")
        line = self.line()
        try:
            with line.asking(acting=True):
                line.send("DELETE", f"/rest/posts/{quote(receipt.network_id, safe='')}")
                if line.status != 204:
                    raise NoSuccess(line.status)
        except Declined:
            if line.status != 404:
                raise

    def prove(self) -> Account:
        """Anybody may look an organisation up: it is ours where this sign-in has a role in it."""
        line = self.line()
        with line.asking():
            owner, name = organisation(line, self.login)
            query = {"q": "roleAssignee", "state": "APPROVED", "count": str(PAGE)}
            roles = line.ask("GET", "/rest/organizationAcls", params=query)["elements"]
            if owner not in [role["organization"] for role in roles]:
                raise SignInNeeded("This sign-in has no role on that page.")
            return Account(name, f"https://www.linkedin.com/company/{name}")


def organisation(line: Line, login: Login) -> tuple[str, str]:
    """The urn and the name of the page whose name somebody gave."""
    name = login.handle.strip().rstrip("/").rpartition("/")[2]
    query = {"q": "vanityName", "vanityName": name}
    found = line.ask("GET", "/rest/organizations", params=query)["elements"]
    if not found:
        raise SignInNeeded("LinkedIn knows no page of that name.")
    return f"urn:li:organization:{int(found[0]['id'])}", id_of(found[0]["vanityName"])


def upload(line: Line, picture: Picture, owner: str) -> str:
    """Hand over a picture. Nothing is public yet, so trouble here is no doubt."""
    asked = {"initializeUploadRequest": {"owner": owner}}
    said = line.ask("POST", "/rest/images?action=initializeUpload", json=asked)["value"]
    place = text_of(said["uploadUrl"])
    headers = {**line.headers, "Content-Type": picture.type}
    if not is_theirs(place, line.base):  # the token goes along
        raise ValueError("an address for the picture outside LinkedIn")
    answer = line.errand.ask("PUT", place, headers=headers, content=picture.content)
    if not answer.is_success or not IMAGE.fullmatch(text_of(said["image"])):
        raise NoSuccess(answer.status_code)
    return text_of(said["image"])


def is_theirs(place: str, base: str) -> bool:
    there, home = urlsplit(place), urlsplit(base)
    if there.netloc == home.netloc:
        return there.scheme == home.scheme
    return there.scheme == "https" and (there.hostname or "").endswith(".linkedin.com")


def post_of(
    message: Message, owner: str, images: list[tuple[str, str]], thumb: str = ""
) -> dict[str, Any]:
    post: dict[str, Any] = {
        "author": owner,
        "commentary": words.written(message.text),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [],
                         "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }  # fmt: skip
    shown = [{"id": image, "altText": alt} for image, alt in images]
    if len(shown) == 1:
        post["content"] = {"media": shown[0]}
    elif shown:
        post["content"] = {"multiImage": {"images": shown}}
    elif card := message.card:
        said = {"source": card.url, "title": card.title, "description": card.description}
        post["content"] = {"article": said | ({"thumbnail": thumb} if thumb else {})}
    return post


def page_after(line: Line, owner: str, mark: str) -> Page:
    start = int(mark or 0)
    # Their parser wants the colons of a urn encoded, which a plain query would leave as they are.
    query = f"author={quote(owner, safe='')}&q=author&count={PAGE}&start={start}&sortBy=CREATED"
    said = line.ask("GET", f"/rest/posts?{query}", headers={"X-RestLi-Method": "FINDER"})
    posts = said["elements"]
    seen = [sighting(post) for post in posts if post["lifecycleState"] == "PUBLISHED"]
    return seen, str(start + PAGE) if len(posts) == PAGE else ""


def receipt_for(name: object) -> Receipt:
    if not isinstance(name, str) or not POST.fullmatch(name):
        raise ValueError("an answer without an id")
    return Receipt(name, f"https://www.linkedin.com/feed/update/{name}")


def sighting(post: Mapping[str, Any]) -> Sighting:
    at = datetime.fromtimestamp(post["createdAt"] / 1000, UTC)
    return Sighting(receipt_for(post["id"]), words.read(text_of(post.get("commentary", ""))), at)


NETWORK = Network(
    name="linkedin",
    label="LinkedIn",
    settles=Settles.BY_LOOKING,
    limits=LIMITS,
    open=Posts,
    secrets=("token",),
    needs_handle=True,
    cards=True,
    card_pictures=True,
    proven=False,
    needs=gettext_noop(
        "LinkedIn lets a program post for an organisation only with its Community Management API,"
        " which it grants to a registered organisation on application. A sign-in lasts sixty days."
    ),
    ended_at=gettext_noop(
        "On LinkedIn: Settings, Data privacy, Permitted services: remove the app."
    ),
    ask_at="https://developer.linkedin.com/product-catalog",
)
