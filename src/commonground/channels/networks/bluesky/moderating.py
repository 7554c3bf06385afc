"""What an account on Bluesky can do about others: hide one reply beneath a thread of its own (its
thread gate names it), and block somebody (a record of our own).

Both are records that anybody can read, also whom they are about: the network has no other way.
Muting is a private matter between a reader and the app, and out of a program's reach here.
"""

from __future__ import annotations

from typing import Any

from atproto import models
from django.utils import timezone

from commonground.channels.contract import Busy, Declined, Login, Unsure
from commonground.channels.contract.moderating import Act, Aim
from commonground.channels.networks.bluesky.line import asking
from commonground.channels.networks.bluesky.repo import DID, POSTS, Repo, owner_and_key

GATES, BLOCKS = "app.bsky.feed.threadgate", "app.bsky.graph.block"
PATIENCE = 20.0  # seconds
MOST_HIDDEN = 300  # the network's own limit for one thread
PAGES = 20  # of a hundred blocks each


def impose(login: Login, act: Act, aim: Aim) -> None:
    repo = Repo(login, PATIENCE)
    if act == Act.HIDE:
        gate(repo, aim, hidden=True)
    elif act == Act.BLOCK:
        block(repo, whose(aim))
    else:
        raise Declined("A program cannot mute on Bluesky.")


def undo(login: Login, act: Act, aim: Aim) -> None:
    repo = Repo(login, PATIENCE)
    if act == Act.HIDE:
        gate(repo, aim, hidden=False)
    elif act == Act.BLOCK:
        unblock(repo, whose(aim))
    else:
        raise Declined("A program cannot mute on Bluesky.")


def whose(aim: Aim) -> str:
    if not DID.fullmatch(aim.author):
        raise Declined("This was never somebody on Bluesky.")
    return aim.author


# Hiding


def gate(repo: Repo, aim: Aim, *, hidden: bool) -> None:
    """Who may reply stays as it is; of what is hidden only this one changes."""
    root, key = root_of(repo, aim)
    before, print_ = gate_under(repo, key)
    listed = list(before.hidden_replies or []) if before else []
    if (aim.message in listed) == hidden:
        return
    after = [one for one in listed if one != aim.message] + ([aim.message] if hidden else [])
    if len(after) > MOST_HIDDEN:
        raise Declined("The network hides no more than 300 replies beneath one post.")
    put_gate(repo, key, gate_for(root, before, after), print_)
    try:
        now, _ = gate_under(repo, key)
    except Busy as trouble:
        raise Unsure(str(trouble)) from trouble
    if (aim.message in ((now.hidden_replies if now else None) or [])) != hidden:
        raise Unsure("The server said yes, and shows it otherwise.")


def gate_for(root: str, before: Any, hidden: list[str]) -> Any:
    made = before.created_at if before else timezone.now().isoformat(timespec="milliseconds")
    return models.AppBskyFeedThreadgate.Record(
        post=root, created_at=made, allow=before.allow if before else None, hidden_replies=hidden
    )


def put_gate(repo: Repo, key: str, record: Any, print_: str | None) -> None:
    """In the place of the one we read: what somebody changes in the app meanwhile is not lost."""
    client = repo.client
    said = {"repo": repo.did, "collection": GATES, "rkey": key, "record": record}
    with asking(repo.errand, acting=True):
        client.com.atproto.repo.put_record({**said, **({"swap_record": print_} if print_ else {})})


def gate_under(repo: Repo, key: str) -> tuple[Any, str | None]:
    """The gate of one of our threads, and its print. None: it has none."""
    query = models.ComAtprotoRepoGetRecord.Params(repo=repo.did, collection=GATES, rkey=key)
    try:
        with asking(repo.errand):
            found = repo.client.com.atproto.repo.get_record(query)
    except Declined:
        if repo.is_absent():
            return None, None
        raise
    if not hasattr(found.value, "hidden_replies"):
        raise Declined("What stands in the place of the thread gate is none.")
    return found.value, str(found.cid) if found.cid else None


def root_of(repo: Repo, aim: Aim) -> tuple[str, str]:
    """The post that the thread begins with, if it is ours: only its author may hide beneath it."""
    owner, key = owner_and_key(aim.beneath)
    if owner != repo.did:
        raise Declined("It does not stand beneath a post of ours: only there can we hide it.")
    value = repo.found_under(POSTS, key)
    if value is None:
        raise Declined("The post of ours that it stands beneath is gone.")
    reply = getattr(value, "reply", None)
    root = str(reply.root.uri) if reply else aim.beneath
    owner, key = owner_and_key(root)
    if owner != repo.did:
        raise Declined("The thread was begun by somebody else: only they can hide beneath it.")
    return root, key


# Blocking


def block(repo: Repo, who: str) -> None:
    if blocks_of(repo, who):
        return
    client = repo.client
    made = timezone.now().isoformat(timespec="milliseconds")
    record = models.AppBskyGraphBlock.Record(subject=who, created_at=made)
    with asking(repo.errand, acting=True):
        client.com.atproto.repo.create_record(
            {"repo": repo.did, "collection": BLOCKS, "record": record}
        )
    if not seen_after(repo, who):
        raise Unsure("The server said yes, and shows no block.")


def unblock(repo: Repo, who: str) -> None:
    """Every block of theirs: one may have been made by hand."""
    client = repo.client
    for key in blocks_of(repo, who):
        with asking(repo.errand, acting=True):
            client.com.atproto.repo.delete_record(
                {"repo": repo.did, "collection": BLOCKS, "rkey": key}
            )
    if seen_after(repo, who):
        raise Unsure("The server says they are unblocked, and still shows a block.")


def seen_after(repo: Repo, who: str) -> list[str]:
    try:
        return blocks_of(repo, who)
    except Busy as trouble:
        raise Unsure(str(trouble)) from trouble


def blocks_of(repo: Repo, who: str) -> list[str]:
    """The keys of our records that block somebody."""
    found, cursor = [], None
    for _ in range(PAGES):
        query = models.ComAtprotoRepoListRecords.Params(
            repo=repo.did, collection=BLOCKS, limit=100, cursor=cursor
        )
        with asking(repo.errand):
            page = repo.client.com.atproto.repo.list_records(query)
            found += [str(r.uri).rpartition("/")[2] for r in page.records if r.value.subject == who]
        cursor = page.cursor
        if not cursor:
            return found
    raise Declined("This account blocks too many to look through.")
