"""Publishes to a Facebook Page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from commonground.channels.contract import (
    Account,
    Declined,
    Limits,
    Message,
    Network,
    Picture,
    Receipt,
    Settles,
    Sighting,
    SignInNeeded,
)
from commonground.channels.line import (
    back_to,
    id_of,
    moment_of,
    text_of,
)
from commonground.channels.line.graph import Graph, OnGraph

# Meta names the letters and the bytes; ten pictures are what its own page shows without folding.
LIMITS = Limits(characters=63_206, pictures=10, picture_bytes=10_000_000, alt_characters=1_000)
FIELDS = "id,message,created_time"


class Posts(OnGraph):
    """One Page. Its own token says which: with it `me` is the Page."""

    HOME = "https://graph.facebook.com"

    def publish(self, message: Message, *, key: str) -> Receipt:
        LIMITS.admit(message)
        line = self.line()
        pictures = [upload(line, picture) for picture in message.pictures]
        post = {"message": message.text}
        if message.card and not pictures:
            post["link"] = message.card.url
        for n, name in enumerate(pictures):
            post[f"attached_media[{n}]"] = json.dumps({"media_fbid": name})
        with line.asking(acting=True):
            return receipt_for(line.act("/me/feed", post)["id"])

    def own(self, line: Graph, since: datetime) -> Iterator[Sighting]:
        return back_to(since, line.pages("/me/published_posts", FIELDS, sighting))

    def prove(self) -> Account:
        """Only a Page has a category: the token of a person must not pass for one."""
        line = self.line()
        try:
            with line.asking():
                page = line.look("/me", fields="id,name,category")
                text_of(page["category"])
                url = f"https://www.facebook.com/{id_of(page['id'])}"
                account = Account(text_of(page["name"]), url)
        except SignInNeeded:
            raise
        except Declined as no:
            if "category" in str(no):
                raise SignInNeeded("This is the token of a person, not of a Page.") from no
            raise
        return Account(account.handle, account.url, line.ends())


def upload(line: Graph, picture: Picture) -> str:
    """Hand over a picture, unpublished: nothing is public yet, so trouble here is no doubt."""
    files = {"source": ("picture", picture.content, picture.type)}
    with line.asking():
        words = {"published": "false", "alt_text_custom": picture.alt}
        return id_of(line.act("/me/photos", words, files)["id"])


def receipt_for(name: object) -> Receipt:
    return Receipt(id_of(name), f"https://www.facebook.com/{name}")


def sighting(post: Mapping[str, Any]) -> Sighting:
    words = text_of(post.get("message", ""))  # a picture may stand without any
    return Sighting(receipt_for(post["id"]), words, moment_of(post["created_time"]))


NETWORK = Network(
    name="facebook",
    label="Facebook",
    settles=Settles.BY_LOOKING,
    limits=LIMITS,
    reads_pages=True,
    open=Posts,
    secrets=("token",),
    proven=False,
    needs=gettext_noop(
        "Meta lets an app post to a Page only after its App Review and a verification of your"
        " agency, for the permissions pages_manage_posts and pages_read_engagement. An app of"
        " your own, used only by its own administrators, may post before."
    ),
    ended_at=gettext_noop(
        "On Facebook: Settings of the Page, Business integrations: remove the app. In the app"
        " dashboard, make a new secret."
    ),
    ask_at="https://developers.facebook.com/docs/resp-plat-initiatives/individual-processes/app-review",
)
