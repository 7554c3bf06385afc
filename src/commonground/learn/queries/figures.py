"""Where agencies at a joint desk give other numbers for the same thing."""

from __future__ import annotations

from commonground.learn.engine.figures import Difference, Statement, differences
from commonground.say.models import Post
from commonground.say.queries.joint import shared_posts
from commonground.say.states import State
from commonground.spot.models import Fact
from commonground.spot.queries.joint import JointDesk, facts_of

# Said already: what failed on one network and stands here was seen on another.
OUT = {State.PUBLISHED, State.PUBLISHING, State.FAILED}


def differing(desk: JointDesk) -> list[Difference[Post | Fact]]:
    """Between what this agency can see of all: its own posts, those the others show, the facts."""
    seated = {agency.pk for agency in desk.agencies}
    said: list[Statement[Post | Fact]] = [
        Statement(fact.agency.name, fact, fact.text, fact.known_at.timestamp(), waits=False)
        for fact in facts_of(desk) if fact.agency_id in seated and fact.taken_back_at is None
    ]  # fmt: skip
    for seat in (desk.own, *desk.others):
        posts = shared_posts(seat, mine=seat is desk.own)
        said += [
            as_statement(seat.agency.name, post) for post in posts
            if post.state != State.WITHDRAWN
        ]  # fmt: skip
    return differences(said)


def as_statement(who: str, post: Post) -> Statement[Post | Fact]:
    at = (post.started_at or post.changed_at).timestamp()
    return Statement(who, post, f"{post.title}\n{post.text}", at, waits=post.state not in OUT)
