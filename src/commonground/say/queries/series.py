"""What of a series is planned, drafted and left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.say.models import Occurrence, Post, Series
from commonground.say.states import State

SHOWN = 12  # of what is still to come, on the page of a series
MISSED = 5


@dataclass(frozen=True, slots=True)
class Coming:
    """A day of a series that is planned, and not yet drafted."""

    series: Series
    day: date
    at: datetime

    planned = True

    @property
    def is_shown(self) -> bool:
        return self.series.is_shown(self.day)


def coming(series: Series, since: date, until: date) -> Iterator[Coming]:
    """Its planned days of a stretch of time. The rows must be fetched before, for many."""
    taken = {row.day for row in series.occurrences.all()}
    for day in series.rhythm.between(since, until):
        if day not in taken:
            yield Coming(series, day, series.instant(day))


def to_draft(series: Series) -> list[Coming]:
    """Those whose draft must be written now."""
    now = timezone.now()
    today = timezone.localdate(now, series.zone)
    until = today + timedelta(days=series.ahead)
    return [one for one in coming(series, today, until) if one.at > now]


def next_of(series: Series, most: int = SHOWN) -> list[Coming]:
    now = timezone.now()
    today = timezone.localdate(now, series.zone)
    return [one for one in coming(series, today, series.until) if one.at > now][:most]


def planned_for(agency: Agency, since: date, until: date) -> list[Coming]:
    """Everything that is planned and not yet drafted, of all series that run, by its time."""
    now, found = timezone.now(), []
    rows = agency.series.running().filter(since__lte=until, until__gte=since)
    for series in rows.select_related("agency", "campaign").prefetch_related(
        "occurrences", "channels"
    ):
        found += [one for one in coming(series, since, until) if one.at > now]
    return sorted(found, key=lambda one: one.at)


def missed(series: Series) -> list[Coming]:
    """Days that passed without a draft: the desk was down, or nobody could write it."""
    now = timezone.now()
    began = timezone.localdate(series.made_at, series.zone)
    past = coming(series, began, timezone.localdate(now, series.zone))
    return [one for one in past if series.made_at < one.at <= now][-MISSED:]


def is_as_planned(series: Series, row: Occurrence) -> bool:
    """Whether nobody changed it by hand since the desk wrote it."""
    post = row.post
    if post is None or post.pictures.exists() or post.moment_id or post.urgent:
        return False
    variants = list(post.variants.all())
    as_chosen = {v.channel_id for v in variants} == {c.pk for c in series.channels.all()}
    words = (post.title, post.text, post.language, post.go_out_at)
    ours = (series.title, series.text, series.language, series.instant(row.day))
    return as_chosen and words == ours and not any(v.detached for v in variants)


@dataclass(slots=True)
class Alike:
    """Posts that differ in nothing but the time they go out."""

    posts: list[Post] = field(default_factory=list)

    @property
    def first(self) -> Post:
        return self.posts[0]


def alike(posts: Iterable[Post]) -> list[Alike]:
    """Grouped by what their readers would see, each group by time."""
    groups: dict[str, Alike] = {}
    for post in posts:
        groups.setdefault(post.digest_of_words, Alike()).posts.append(post)
    return list(groups.values())


def to_read_together(series: Series, by: Member) -> list[Alike]:
    """What waits for a yes, and this member did not write."""
    rows = Post.objects.filter(occurrence__series=series, state=State.IN_REVIEW)
    return alike(rows.exclude(author=by).select_related("author", "agency").order_by("go_out_at"))


def drafted(series: Series) -> Sequence[Occurrence]:
    rows = series.occurrences.select_related("post__author", "post__held_by", "post__held_for")
    return list(rows.order_by("-day")[: 2 * SHOWN])[::-1]
