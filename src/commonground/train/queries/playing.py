"""A drill's rows as the story that the engine knows, and back to what shows each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet

from commonground.agency.models import Agency, Member
from commonground.channels.models import Channel
from commonground.channels.states import State as ChannelState
from commonground.say.models import Post
from commonground.train.engine.moods import Mood, Reply, Words
from commonground.train.engine.plan import Told
from commonground.train.engine.playing import Act, Does, Playing, Story
from commonground.train.models import Drill, FirstRun, Happening, What
from commonground.train.models.drills import ACTS, MOODS
from commonground.train.queries.drills import crowd_of


def playing_of(drill: Drill) -> Playing:
    """Told everything again in the order in which it happened: so it goes on after any stop."""
    playing = Playing(drill.plan, crowd_of(drill.plan.city), drill.seed)
    rows = drill.happenings.happened().exclude(what__in=MOODS).select_related("post__author")
    for row in rows.prefetch_related("post__variants", "post__reviews__by"):
        if row.what == What.INJECT:
            playing.happens(row.name, row.minute)
        elif row.what == What.POST:
            playing.say(words_of(row))
        elif row.what in ACTS:
            playing.acts.append(act_of(row))
    return playing


def story_of(drill: Drill) -> Story:
    """Up to its minute; the replies are those that came."""
    playing = playing_of(drill)
    replies = drill.happenings.happened().filter(what__in=MOODS)
    playing.replies = [reply_of(row) for row in replies]
    return playing.story(drill.minute)


def words_of(row: Happening) -> Words:
    """As the rehearsal showed them; who wrote and who read them by the names of today."""
    post = row.post
    by = post.author.name if post else ""
    read = second_person(post) if post else None
    return Words(
        row.name, row.minute, row.text, row.language, row.beneath, by, read.name if read else ""
    )


def second_person(post: Post) -> Member | None:
    """Whoever let it out that was not its author, with whatever account."""
    yes = (r.by for r in post.reviews.all() if r.verdict == "approve")
    return next((by for by in yes if not by.is_also(post.author)), None)


def reply_of(row: Happening) -> Reply:
    mood = cast("Mood", row.what)
    return Reply(row.name, row.minute, mood, row.text, row.author, row.language, row.beneath)


def act_of(row: Happening) -> Act:
    return Act(row.name, row.minute, cast("Does", row.what), row.beneath)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the score as it was kept when the drill ended, with the rows that show it."""

    name: str
    share: float
    kept: bool  # one to keep; else one to change
    figures: dict[str, Any]
    title: Told
    words: Told
    evidence: list[Happening]


def scored(drill: Drill) -> list[Shown]:
    """As it was worked out when the drill ended; nothing as long as it goes on."""
    rows = {row.name: row for row in drill.happenings.happened().select_related("post")}
    return [
        Shown(
            line["line"], line["share"], line["kept"], line["figures"], line["title"],
            line["words"], [rows[name] for name in line["evidence"] if name in rows],
        )
        for line in drill.debrief.get("lines", [])
    ]  # fmt: skip


def time_line(drill: Drill) -> QuerySet[Happening]:
    rows = drill.happenings.happened().select_related("post__author")
    return rows.order_by("minute", "pk")


def ready_channel(agency: Agency) -> Channel | None:
    """The rehearsal on which the people of a drill speak."""
    ours = agency.channels.filter(network="rehearsal", drill=True)
    return ours.filter(state=ChannelState.READY).order_by("name").first()


def desk_for_drills() -> Agency | None:
    """The agency on this server in which drills are held, if one was founded."""
    return Agency.objects.filter(drill=True, first_run=None).order_by("name").first()


def first_run_of(member: Member) -> FirstRun | None:
    """Their own first drill, with whom they are in it."""
    runs = FirstRun.objects.select_related("member", "drill", "twin__agency")
    return runs.filter(member=member).first()
