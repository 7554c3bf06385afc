"""Drills for tests: one that has begun, and time that passes in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import time_machine
from django.utils import timezone
from tests import given

from commonground.agency.models import Agency, Member
from commonground.channels.models import Channel
from commonground.say import actions as say, tasks as saying
from commonground.say.models import Post, Variant
from commonground.train import actions, queries
from commonground.train.engine.recording import packed
from commonground.train.models import Drill, Recording


def a_drill(member: Member, plan: str = "crash", **but: Any) -> Drill:
    """One of this member's agency, as a row: nobody asked whether it may be."""
    written = queries.plan_named(plan)
    return Drill.objects.create(
        **{
            "agency": member.agency, "begun_by": member, "seed": 1, "speed": written.speed,
            "channel": given.a_channel(agency=member.agency, drill=True),
            "written": msgspec.to_builtins(written), **but,
        }
    )  # fmt: skip


def a_recording_of(member: Member) -> Recording:
    """One post, brought by this member, as a row."""
    return Recording.objects.create(
        agency=member.agency, name="night.jsonl", count=1, minutes=0.0, added_by=member,
        posts=packed([[0.0, "1", "Said.", "en", "v"]]),
        delete_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip


class Team:
    """A desk for drills, with a trainer, an author who may speak on its rehearsal, and two more."""

    def __init__(self) -> None:
        self.agency: Agency = given.an_agency(drill=True)
        self.trainer = self.one("trainer")
        self.author, self.approver, self.other = (
            self.one("author"), self.one("approver"), self.one("author")
        )  # fmt: skip
        self.channel: Channel = given.a_channel(
            agency=self.agency, drill=True, authorised=[self.author, self.approver]
        )

    def one(self, role: str) -> Member:
        return given.a_member(agency=self.agency, roles=[role])

    @property
    def seats(self) -> dict[str, list[Member]]:
        return {
            "author": [self.author], "approver": [self.approver], "spokesperson": [self.author]
        }  # fmt: skip

    def begin(self, plan: str = "crash", **but: Any) -> Drill:
        how = {"by": self.trainer, "seed": 4, **but}
        return actions.begin_drill(queries.plan_named(plan), self.seats, **how)

    def say(self, text: str, title: str = "Said") -> Post:
        """Written by one, approved by another, carried by the worker's own round."""
        post = Post.objects.create(agency=self.agency, author=self.author, title=title, text=text)
        Variant.objects.create(post=post, channel=self.channel, title=title, text=text)
        return self.let_out(say.submit(post, by=self.author))

    def let_out(self, post: Post) -> Post:
        say.approve(post, read=post.digest, by=self.approver)
        saying.go_out()
        post.refresh_from_db()
        return post


def pass_time(drill: Drill, clock: time_machine.Traveller, *, minutes: float) -> Drill:
    """So many minutes of the drill, round by round."""
    drill.refresh_from_db()
    rounds = max(1, round(minutes / drill.speed * 60))
    for _ in range(rounds):
        clock.shift(timedelta(seconds=1))
        actions.go_on(drill, timezone.now())
    drill.refresh_from_db()
    return drill
