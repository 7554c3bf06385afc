"""Publishes to a Mastodon server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.utils.translation import gettext_noop

from commonground.channels import engine
from commonground.channels.contract import (
    Account,
    Busy,
    Declined,
    Film,
    Limits,
    Login,
    Message,
    Network,
    Picture,
    Receipt,
    Settles,
    Sighting,
    SignInNeeded,
    TooFarBack,
    Unsure,
)
from commonground.channels.line import secret_of
from commonground.channels.networks.mastodon import boosting
from commonground.channels.networks.mastodon.hearing import deleted, hears
from commonground.channels.networks.mastodon.line import Line, id_of, our_id, url_of
from commonground.channels.networks.mastodon.moderating import MODERATES
from commonground.channels.networks.mastodon.reaching import reach
from commonground.channels.networks.mastodon.searching import search
from commonground.channels.networks.mastodon.words import words_of

if TYPE_CHECKING:
    from mastodon import Mastodon

# What a server allows unless its owner says otherwise.
LIMITS = Limits(
    characters=500, link_counts=23, pictures=4, picture_bytes=8_000_000,
    film_bytes=40_000_000, film_seconds=600, film_captions=False,
)  # fmt: skip
# How far back we look among our own posts: what was just sent is among the first few, and reading
# forty statuses takes longer than asking for them.
PAGES = (5, 40, 40, 40, 40)
ENDING = 5.0  # seconds to end a sign-in in: many may have to be ended within a minute
CLOCKS_DIFFER = timedelta(minutes=2)  # the server's, from ours
GONE = 404
PICTURE_IS_READY_EVERY = 0.5  # seconds between two questions


class Statuses:
    """One account on a Mastodon server."""

    def __init__(self, login: Login, patience: float = 30.0) -> None:
        self.login, self.patience = login, patience

    def new_key(self, at: datetime) -> str:
        return uuid4().hex

    def publish(self, message: Message, *, key: str) -> Receipt:
        line = Line(self.login, self.patience)
        if message.boosts:
            return boosting.boost(line, message.boosts)
        admit(message, line)
        shown = [message.film] if message.film else message.pictures
        pictures = [upload(line, one) for one in shown]
        if message.follows:
            must_stand(line, message.follows)
            return post(line, message, pictures, key, our_id(message.follows))
        earlier = message.corrects.network_id if message.corrects else None
        try:
            return post(line, message, pictures, key, earlier)
        except Declined:
            # What it corrects may be gone: then the words must stand by themselves.
            answer = line.errand.answer
            if earlier is None or answer is None or answer.status_code != GONE:
                raise
        return post(line, message, pictures, key, None)

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """Look through our own posts, newest first: the server cannot tell us by key."""
        if message.boosts:
            return boosting.seen(Line(self.login, self.patience), message.boosts)
        with Line(self.login, self.patience).asking() as server:
            for status in own_posts(server, since - CLOCKS_DIFFER):
                words = words_of(status.content)
                if engine.same_words(words, message.text) and in_its_place(status, message):
                    return Sighting(Receipt(id_of(status), url_of(status)), words)
        return None

    def standing(self, *, since: datetime) -> list[Sighting]:
        with Line(self.login, self.patience).asking() as server:
            found = []
            with suppress(TooFarBack):  # the newest will do
                for post in own_posts(server, since - CLOCKS_DIFFER, ("public", "unlisted")):
                    receipt = Receipt(id_of(post), url_of(post))
                    found.append(Sighting(receipt, words_of(post.content), post.created_at))
            return found

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        if boosting.is_boost(receipt):
            return boosting.undo(Line(self.login, self.patience), receipt)
        name = our_id(receipt)
        line = Line(self.login, self.patience)
        try:
            with line.asking(acting=True) as server:
                gone = server.status_delete(name)
                if id_of(gone) != name:
                    raise ValueError("an answer about something else")
        except Declined:
            if not (line.errand.answer and line.errand.answer.status_code == 404):
                raise

    def prove(self) -> Account:
        with Line(self.login, self.patience).asking() as server:
            me = server.account_verify_credentials()
            id_of(me)
            host = urlsplit(url_of(me)).netloc
            return Account(f"@{me.username}@{host}", url_of(me))


def must_stand(line: Line, former: Receipt) -> None:
    """Not every server refuses a reply to what is gone; a part by itself must not go out."""
    with line.asking() as server:
        if id_of(server.status(our_id(former))) != former.network_id:
            raise ValueError("an answer about something else")


def post(
    line: Line, message: Message, pictures: list[str], key: str, beneath: str | None
) -> Receipt:
    with line.asking(acting=True) as server:
        status = server.status_post(
            message.text, media_ids=pictures or None, visibility="public",
            language=message.language.split("-")[0] or None, idempotency_key=key,
            in_reply_to_id=beneath,
        )  # fmt: skip
        return receipt_for(status, message)


def admit(message: Message, line: Line) -> None:
    """Ask the server for its own limits, but only about what the usual ones refuse."""
    if not LIMITS.objections(message):
        return
    try:
        with line.asking() as server:
            rules = server.instance_v2().configuration
            own = replace(
                LIMITS,
                characters=int(rules.statuses.max_characters),
                link_counts=int(rules.statuses.characters_reserved_per_url),
                pictures=int(rules.statuses.max_media_attachments),
            )
    except (Declined, Busy):
        own = LIMITS
    own.admit(message)


def upload(line: Line, picture: Picture | Film) -> str:
    """Hand over a picture, or a video, and wait until the server is done with it.

    Nothing is public yet, so trouble here leaves nothing to be unsure about.
    """
    with line.asking() as server:
        media = server.media_post(
            picture.content,
            mime_type=picture.type,
            description=words_for(picture),
            focus=focus_of(picture),
        )
        while not media.url:
            if line.errand.left <= PICTURE_IS_READY_EVERY:
                raise Busy("The server is still working on a picture or video.")
            time.sleep(PICTURE_IS_READY_EVERY)
            media = server.media(media.id)
        return id_of(media)


def words_for(shown: Picture | Film) -> str:
    """Mastodon shows no captions: what is said in a video stands in its description."""
    if isinstance(shown, Picture):
        return shown.alt
    return f"{shown.alt}\n\n{shown.spoken}"[: LIMITS.alt_characters]


def focus_of(picture: Picture | Film) -> tuple[float, float] | None:
    """Mastodon counts from the middle: -1 is the left and the bottom edge, 1 the right and top."""
    if isinstance(picture, Film) or picture.focus is None:
        return None
    x, y = picture.focus
    return round(2 * x - 1, 2), round(1 - 2 * y, 2)


def own_posts(
    server: Mastodon, since: datetime, shown: tuple[str, ...] = ("public",)
) -> Iterator[Any]:
    me, last = id_of(server.account_verify_credentials()), None
    for size in PAGES:
        page = server.account_statuses(me, exclude_reblogs=True, max_id=last, limit=size)
        recent = [s for s in page if s.created_at >= since]
        yield from (s for s in recent if s.visibility in shown)
        if len(recent) < len(page) or not page:
            return
        last = id_of(page[-1])
    raise TooFarBack("There are too many posts of ours since then to look through.")


def receipt_for(status: Any, message: Message) -> Receipt:
    """The receipt, if it is one: a server may say yes and mean something else."""
    if not engine.same_words(words_of(status.content), message.text):
        raise Unsure("The server answered with other words than ours.")
    if not in_its_place(status, message):
        raise Unsure("The server put it in another place than we asked.")
    return Receipt(id_of(status), url_of(status))


def in_its_place(status: Any, message: Message) -> bool:
    """A part of a thread stands beneath the one before it, or it is not that part."""
    return not message.follows or str(status.in_reply_to_id or "") == message.follows.network_id


def revoke(login: Login) -> bool:
    """The token opens nothing any more, for anybody: the server says so, and we try it.

    Only the app that a token was made for may end it.
    """
    if not (login.secrets.get("client_key") and login.secrets.get("client_secret")):
        raise Declined("This desk was not given the client key and secret of its app.")
    line = Line(login, ENDING)
    line.end(secret_of(login, "client_key"), secret_of(login, "client_secret"))
    try:
        with line.asking() as server:
            server.account_verify_credentials()
    except SignInNeeded:
        return True
    raise Unsure("The server says that the token is ended, and still takes it.")


NETWORK = Network(
    name="mastodon",
    label="Mastodon",
    settles=Settles.BY_KEY,
    limits=LIMITS,
    open=Statuses,
    loads="mastodon",
    secrets=("token",),
    needs_address=True,
    lasting=True,
    boosts=True,
    threads=True,
    reads_pages=True,
    secrets_too=("client_key", "client_secret"),
    revoke=revoke,
    ended_at=gettext_noop(
        "On the server: Preferences, Development: delete the application. Under Account, look"
        " for other sessions and applications you do not know."
    ),
    key_is_good_for=1_800,
    proves=("link",),
    search=search,
    hears=hears,
    deleted=deleted,
    deleted_at_once=2,  # each is a question of its own, and a server allows one a second
    reach=reach,
    answers=True,
    moderates=MODERATES,
)
