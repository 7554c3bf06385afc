"""What a city says while a drill goes on: its usual talk, and what the drill is about.

In it a moment has to be found; nobody hands it over. Also what a recorded stream says, laid on the
minutes of a drill. Times of what comes out are seconds from the drill's minute 0: what lies before
it teaches the desk what is usual.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil

from msgspec.structs import replace

from commonground.hear.engine.heard import Heard
from commonground.train.engine.crowd import crowd_of
from commonground.train.engine.plan import Plan
from commonground.train.engine.scenario import Event, Scenario
from commonground.train.engine.stream import City, Post, chatter, event_posts, once

HOUR, DAY = 60, 24
# A desk that has listened for half a day knows what is usual for windows of up to six hours.
PRELUDE = 12 * HOUR  # minutes
ENOUGH_BEFORE = 3 * HOUR  # of a recording; with less the city's usual talk is laid under it


def city_talk(scenario: Scenario, plan: Plan, *, seed: int) -> Iterator[Heard]:
    """All of it in the order of time, made as it is asked for. The same seed says the same."""
    city = the_city(scenario, plan, seed)
    told = []
    for talked in plan.talk:
        event = scenario.event(talked.event)
        if event is not None:
            told.append(once(city, replace(event, every=0.0), PRELUDE + talked.minute, 0))
    return heard_of([*usual_talk(city), *told], scenario)


def the_city(scenario: Scenario, plan: Plan, seed: int) -> City:
    """On a day on which the drill's minute 0 is at the hour that its plan says."""
    hour = (plan.clock - scenario.clock - PRELUDE / HOUR) % DAY
    start = datetime(2026, 3, 4, tzinfo=UTC) + timedelta(hours=hour)
    return City(scenario, crowd_of(scenario), seed, start, PRELUDE + ceil(plan.minutes))


def usual_talk(city: City) -> list[Iterator[Post]]:
    """Small talk, and what happens on every day: the late ferry, the match."""
    daily = [event for event in city.scenario.events if event.kind == "ordinary" and event.every]
    return [chatter(city), *(event_posts(city, at_its_hour(event, city)) for event in daily)]


def at_its_hour(event: Event, city: City) -> Event:
    """The city of a drill does not begin at the hour at which its scenario does."""
    scenario = city.scenario
    written = scenario.local_hour(0, scenario.start) + event.start
    return replace(event, start=(written - scenario.local_hour(0, city.start)) % DAY)


def heard_of(said: Sequence[Iterator[Post]], scenario: Scenario) -> Iterator[Heard]:
    ordered = heapq.merge(*map(in_order, said), key=lambda post: (post.minute, post.id))
    for post in ordered:
        at = (post.minute - PRELUDE) * 60
        if not post.text:
            yield Heard(post.id, at, deleted=True)
        else:
            url = scenario.post_address.format(id=post.id)
            yield Heard(post.id, at, post.text, post.language, post.author, url)


def in_order(said: Iterable[Post]) -> Iterator[Post]:
    """Posts come in the order of time, and each with its deletion behind it: that waits for its
    minute."""
    waiting: list[tuple[float, str]] = []
    for post in said:
        if not post.text:
            heapq.heappush(waiting, (post.minute, post.id))
            continue
        while waiting and waiting[0][0] <= post.minute:
            yield Post(*heapq.heappop(waiting))
        yield post
    while waiting:
        yield Post(*heapq.heappop(waiting))


def replayed(posts: Sequence[Heard], scenario: Scenario, plan: Plan, *, seed: int
             ) -> Iterator[Heard]:  # fmt: skip
    """A recording in the minutes of a drill, its end at the drill's end.

    `posts`: in order, times in seconds from the first. Where little comes before the drill, the
    city's usual talk is laid under it, or nobody could say what is usual.
    """
    lead = before_the_drill(posts, plan)
    moved = (with_time(post, post.at - lead) for post in posts)
    if lead >= ENOUGH_BEFORE * 60:
        return moved
    under = heard_of(usual_talk(the_city(scenario, plan, seed)), scenario)
    return heapq.merge(moved, under, key=lambda post: post.at)


def before_the_drill(posts: Sequence[Heard], plan: Plan) -> float:
    """Seconds of a recording that lie before the drill's minute 0."""
    return max(0.0, posts[-1].at - plan.minutes * 60) if posts else 0.0


def with_time(post: Heard, at: float) -> Heard:
    return Heard(post.id, at, post.text, post.lang, post.author, post.url, deleted=post.deleted)


def in_slices(said: Iterable[Heard], seconds: int = 60) -> Iterator[tuple[float, list[Heard]]]:
    """Stretches of time that hold something, each with its end; the oldest first."""
    held: list[Heard] = []
    until = None
    for post in said:
        ends = (post.at // seconds + 1) * seconds
        if until is not None and ends > until:
            yield until, held
            held = []
        until = ends if until is None else max(ends, until)
        held.append(post)
    if until is not None:
        yield until, held


__all__ = ["PRELUDE", "before_the_drill", "city_talk", "in_slices", "replayed"]
