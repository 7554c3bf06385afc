"""How people write on our own site, read what became of it, and delete it. No account, no cookie;
of where they came from a mark is counted for an hour and deleted two days later."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from uuid import UUID

import regex
from django.db import transaction
from django.utils import timezone

from commonground.channels.engine import one_line, writable
from commonground.channels.line.own import new_name
from commonground.channels.networks.site.models import Arrival, Comment, DayKey, link_of
from commonground.kit.arrivals import Door, this_hour
from commonground.kit.marks import network_of
from commonground.kit.sealed import sealed_for

LONGEST, LONGEST_NAME = 1_000, 40  # characters
MOST_LINES = 30
# Within an hour from one /24 or /64: a family, a class that asks its questions together.
FROM_ONE_NETWORK = 20
IN_ONE_PLACE = 300  # beneath one thing we said: more than a desk of ten can read
IN_ALL = 1_500  # a thousand rented machines get no further than this
TOKEN_BYTES = 15
TOKEN = regex.compile(r"[A-Za-z0-9_-]{20}")
# A letter may carry several signs in some languages; nobody needs a tower of them.
TOWERS = regex.compile(r"(\p{M}{4})\p{M}+")

DOOR = Door(Arrival, DayKey)


def new_token() -> str:
    """What opens the page of whoever writes. Nobody can guess it; the table holds its mark."""
    return urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).decode()


def tidied(typed: str) -> str:
    """What they typed, line by line, without signs that show nothing or turn the reading round."""
    lines = [one_line(TOWERS.sub(r"\1", line)) for line in writable(typed).splitlines()]
    text = "\n".join(lines[: MOST_LINES * 2]).strip()
    kept: list[str] = []
    for line in text.split("\n"):
        if line or (kept and kept[-1]):  # one blank line is a paragraph, fifty are a flood
            kept.append(line)
    return "\n".join(kept[:MOST_LINES])


@transaction.atomic
def say(
    channel_id: UUID | str, *, beneath: str, text: str, name: str = "", language: str = "",
    shown: bool = False, token: str = "", come_from: str = "",
) -> str:  # fmt: skip
    """Keep what somebody wrote, and give the word that opens its page: theirs, if the form they
    sent had one. Sent twice, it is there once. Raises Crowded where too many write."""
    said = {"text": tidied(text), "name": tidied(name)[:LONGEST_NAME], "language": language}
    token = token if TOKEN.fullmatch(token) else new_token()
    if there := Comment.objects.behind(token).first():
        if (there.beneath, there.said) == (beneath, said):
            return token
        token = new_token()  # they went back, and wrote something else in the same form
    DOOR.count("network", network_of(come_from), FROM_ONE_NETWORK, this_hour())
    DOOR.count("place", beneath, IN_ONE_PLACE, this_hour())
    DOOR.count("all", "", IN_ALL, this_hour())
    now = timezone.now()
    Comment.objects.get_or_create(
        link=link_of(token),
        defaults={
            "channel_id": channel_id, "key": new_name(now), "beneath": beneath, "said": said,
            "at": now, "shown_at": now if shown else None,
        },
    )  # fmt: skip
    return token


@transaction.atomic
def take_back(comment: Comment) -> None:
    """Whoever wrote it deletes it: its words go here at once, and from the inbox when it hears."""
    empty(comment, told=False)


@transaction.atomic
def forget(comment: Comment) -> None:
    """Its time is over. The inbox has times of its own."""
    empty(comment, told=True)


def empty(comment: Comment, *, told: bool) -> None:
    rows = Comment.objects.filter(pk=comment.pk, gone_at=None)
    rows.update(**sealed_for(comment, said={}), gone_at=timezone.now(), told=told)
    comment.refresh_from_db()


def forget_networks() -> int:
    """Delete what was counted by network, and the keys of those marks, after 48 hours."""
    return DOOR.forget(timezone.now())
