"""What Bluesky says came of posts of ours. How often they were seen it does not count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commonground.channels.contract import Login
from commonground.channels.contract.reach import Reach, count
from commonground.channels.networks.bluesky.hearing import PATIENCE, STANDING
from commonground.channels.networks.bluesky.repo import POSTS, Repo


def reach(login: Login, names: Sequence[str]) -> Mapping[str, Reach]:
    ours = [name for name in names if f"/{POSTS}/" in name]
    if not ours:
        return {}
    repo = Repo(login, PATIENCE)
    page = repo.ask(STANDING, uris=ours)
    with repo.reading():
        return {str(post["uri"]): reach_of(post) for post in page["posts"] if post["uri"] in ours}


def reach_of(post: Mapping[str, Any]) -> Reach:
    """A quote passes a post on as well. Of two numbers of which one is unknown, so is the sum."""
    parts = [count(post.get(name)) for name in ("repostCount", "quoteCount")]
    known = [part for part in parts if part is not None]
    return Reach(
        liked=count(post.get("likeCount")), answered=count(post.get("replyCount")),
        passed_on=sum(known) if len(known) == len(parts) else None,
    )  # fmt: skip
