"""What goes out and what went out, by the agency's own days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from commonground.agency.models import Agency
from commonground.say.engine.weeks import DAYS, Week
from commonground.say.models import Post
from commonground.say.queries.series import Coming, planned_for
from commonground.say.states import State

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LATER = 20  # of what comes after the week shown
FIRST_HOUR = time(9)  # what a post of another day starts with


class At(TypedDict):
    at: datetime


type Timed = WithAnnotations[Post, At]


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    posts: Sequence[Timed]
    planned: Sequence[Coming]
    is_today: bool
    begins_at: datetime | None  # when a new post of this day would go out; none: it is over


def timed(agency: Agency) -> QuerySet[Timed]:
    """Every post with a time, by it. Withdrawn ones are not planned any more."""
    has_a_time = Q(go_out_at__isnull=False) | Q(approved_at__isnull=False)
    ours = agency.posts.filter(has_a_time).exclude(state=State.WITHDRAWN)
    shown = (
        ours.annotate(at=Coalesce("go_out_at", "approved_at"))
        .select_related("author", "held_by", "held_for", "campaign")
        .order_by("at", "pk")
    )
    return cast("QuerySet[Timed]", shown.prefetch_related("variants__channel"))


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def days_of(agency: Agency, week: Week) -> list[Day]:
    """The seven days of a week, the empty ones too."""
    since, until = midnight(week.monday), midnight(week.monday + timedelta(days=DAYS))
    found = by_day(timed(agency).filter(at__gte=since, at__lt=until))
    planned = by_planned_day(planned_for(agency, week.monday, week.sunday))
    today = timezone.localdate()
    return [
        Day(d, found.get(d, []), planned.get(d, []), d == today, beginning(d)) for d in week.days
    ]


def by_planned_day(planned: Iterable[Coming]) -> Mapping[date, list[Coming]]:
    days = groupby(planned, key=lambda one: timezone.localdate(one.at))
    return {day: list(held) for day, held in days}


def by_day(posts: QuerySet[Timed]) -> Mapping[date, list[Timed]]:
    days = groupby(posts, key=lambda post: timezone.localdate(post.at))
    return {day: list(held) for day, held in days}


def beginning(day: date) -> datetime | None:
    """Nine in the morning, or the next full hour where that has passed."""
    now = timezone.localtime()
    if day < now.date():
        return None
    at = timezone.make_aware(datetime.combine(day, FIRST_HOUR))
    if at > now:
        return at
    soon = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return soon if soon.date() == day else None


def later_than(agency: Agency, week: Week) -> QuerySet[Timed]:
    """What is planned after this week, so that nothing far away is forgotten."""
    until = midnight(week.monday + timedelta(days=DAYS))
    return timed(agency).filter(at__gte=until)[:LATER]


def for_other_calendars(agency: Agency) -> QuerySet[Timed]:
    """What an outside calendar shows: the last month, and all that is planned."""
    return timed(agency).filter(at__gte=timezone.now() - timedelta(days=31))


def planned_ahead(agency: Agency) -> list[Coming]:
    """Days of series that nobody has drafted yet. None runs for longer than a year."""
    today = timezone.localdate()
    return planned_for(agency, today, today + timedelta(days=366))
