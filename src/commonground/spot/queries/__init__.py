"""What the pages read about moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from commonground.agency.models import Agency
from commonground.spot.engine import attention
from commonground.spot.models import (
    Backtest,
    Match,
    Moment,
    MomentQuerySet,
    Resource,
    Rumour,
    Tally,
)
from commonground.spot.states import State

STEP = timedelta(minutes=15)  # between two points of a curve
QUIET_STEPS = 2  # of the time before anybody spoke of it


def moments(agency: Agency) -> MomentQuerySet:
    """All of the agency's moments with their resources, newest first."""
    matches = Match.objects.select_related("resource").order_by("-score")
    return Moment.objects.filter(agency=agency).prefetch_related(
        Prefetch("matches", queryset=matches)
    )


def open_moments(agency: Agency, *, most: int = 20) -> list[Moment]:
    """Open moments for the Now page, the one with least time left that is loudest first."""
    return list(moments(agency).open().order_by("-surprise", "closes_at")[:most])


def our_moment(agency: Agency, moment_id: UUID) -> Moment | None:
    """One moment with all a page shows; None when it is not the agency's."""
    return moments(agency).prefetch_related("exemplars").filter(pk=moment_id).first()


def counts(agency: Agency) -> dict[str, int]:
    """How many moments stand in each state: open, acted, passed, merged, missed."""
    by_state = Moment.objects.filter(agency=agency).values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(map(str, State), 0) | dict(by_state)


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    count: int
    usual: float


def curve(moment: Moment, *, steps: int = 96) -> list[Point]:
    """What was said each quarter of an hour, the silent quarters too; the last day of it.

    It begins with the quiet before, so that a rise looks like one, and ends with the last whole
    quarter: one that still runs has had less time, and would look like a fall.
    """
    tallies = list(Tally.objects.filter(moment=moment).order_by("-at")[:steps])[::-1]
    points = filled(tallies)
    whole = [p for p in points if p.at + STEP <= timezone.now()] or points
    return (quiet_before(whole[:1]) + whole)[-steps:]


def quiet_before(first: Sequence[Point]) -> list[Point]:
    return [Point(p.at - n * STEP, 0, p.usual) for p in first for n in range(QUIET_STEPS, 0, -1)]


def filled(tallies: Sequence[Tally]) -> list[Point]:
    points: list[Point] = []
    for tally in tallies:
        while points and points[-1].at + STEP < tally.at:
            points.append(Point(points[-1].at + STEP, 0, tally.usual))
        points.append(Point(tally.at, tally.count, tally.usual))
    return points


def matches(moment: Moment) -> QuerySet[Match]:
    """The resources that fit, best first."""
    return Match.objects.filter(moment=moment).select_related("resource").order_by("-score")


def time_left(moment: Moment) -> timedelta:
    """What is left of the opportunity clock; nothing once it is closed or over."""
    if moment.state != State.OPEN:
        return timedelta(0)
    return max(timedelta(0), moment.closes_at - timezone.now())


def times_usual(moment: Moment) -> float | None:
    """14 times its usual; None where the usual is too little to be divided by."""
    return moment.count / moment.usual if moment.usual >= 0.05 else None


# What a moment's page says beside its own numbers

SILENCE_IS_NEWS = timedelta(hours=1)  # people have talked for so long, and we have not
MOST_ALTERNATIVES = 3


def silent_for(moment: Moment) -> timedelta | None:
    """How long people have talked without a word from us, once that is news itself."""
    talked = timezone.now() - moment.first_post_at
    silent = moment.state == State.OPEN and moment.first_word_at is None
    return talked if silent and talked >= SILENCE_IS_NEWS else None


PAST_MOMENTS = 50  # the newest; how people talk changes over the years


@dataclass(frozen=True, slots=True)
class Ahead:
    """The share of a moment's attention still to come; nothing while too few earlier ones tell."""

    between: tuple[float, float] | None
    told_by: int  # earlier moments that were still talked about at this age
    needed: int = attention.FEWEST_MOMENTS


def earlier_curves(agency: Agency) -> list[attention.Curve]:
    """How the agency's earlier moments went, from their opening on.

    Only those whose clock has run out: before that the whole of their curve is not known.
    """
    over = Moment.objects.filter(agency=agency, closes_at__lte=timezone.now())
    newest = over.exclude(state=State.MERGED).order_by("-opened_at")
    past = dict(newest.values_list("pk", "opened_at")[:PAST_MOMENTS])
    curves: dict[UUID, list[tuple[float, int]]] = {pk: [] for pk in past}
    for pk, at, count in Tally.objects.filter(moment__in=past).values_list("moment", "at", "count"):
        curves[pk].append(((at - past[pk]).total_seconds(), count))
    return list(curves.values())


def still_ahead(moment: Moment, earlier: Sequence[attention.Curve]) -> Ahead:
    """How much of it is still to come, as the agency's earlier moments went."""
    age = (timezone.now() - moment.opened_at).total_seconds()
    between = attention.still_ahead(age, earlier)
    return Ahead(between, len(attention.telling(age, earlier)))


@dataclass(frozen=True, slots=True)
class Fitting:
    """A resource that fits, and what to offer beside it while it is overloaded."""

    resource: Resource
    instead: Sequence[Resource]


def fitting(moment: Moment) -> list[Fitting]:
    """The resources that fit, best first, each with others of its kind if it is overloaded."""
    found = [match.resource for match in moment.matches.all()]
    if not any(r.overloaded for r in found):
        return [Fitting(r, []) for r in found]
    library = list(Resource.objects.offered().filter(agency=moment.agency_id))
    return [Fitting(r, instead_of(r, library) if r.overloaded else []) for r in found]


def instead_of(resource: Resource, library: Sequence[Resource]) -> list[Resource]:
    """Others of its kind in one of its languages, those that serve some area of their own first."""

    def fits(other: Resource) -> bool:
        spoken = set(other.languages) & set(resource.languages)
        same = other.kind == resource.kind and (spoken or not resource.languages)
        return bool(same) and other.pk != resource.pk and not other.overloaded

    local = sorted(filter(fits, library), key=lambda r: (not r.area, r.review_due, r.name))
    return local[:MOST_ALTERNATIVES]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the moments that ended in a stretch of days."""

    days: int
    ended: int
    silent: Sequence[Moment]  # without a word from us, the newest first
    first_word_after: timedelta | None  # from opening, in the middle of those with a word
    in_time: Mapping[str, int]

    @property
    def answered(self) -> int:
        return self.ended - len(self.silent)


def report(agency: Agency, *, days: int) -> Report:
    """Moments that ended within so many days: which had a word from us, and how soon."""
    since = timezone.now() - timedelta(days=days)
    ended = list(
        moments(agency).filter(closed_at__gte=since).exclude(state__in=[State.OPEN, State.MERGED])
    )
    delays = sorted(m.first_word_at - m.opened_at for m in ended if m.first_word_at)
    return Report(
        days, len(ended), [m for m in ended if not m.first_word_at],
        delays[len(delays) // 2] if delays else None,
        Counter(m.in_time for m in ended if m.in_time),
    )  # fmt: skip


def silent_count(agency: Agency, *, days: int) -> int:
    """How many moments ended without a word from us."""
    since = timezone.now() - timedelta(days=days)
    ended = Moment.objects.filter(agency=agency, closed_at__gte=since, first_word_at=None)
    return ended.exclude(state__in=[State.OPEN, State.MERGED]).count()


# How good our spotting is

ASLEEP = timedelta(minutes=30)  # without a word a run that has not ended is taken for dead
SHARES = ("recall", "label_match", "resource_match")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report with the ends of its interval; None where it is not known."""

    name: str
    value: float | None
    low: float | None
    high: float | None

    @property
    def a_share(self) -> bool:
        return self.name in SHARES


@dataclass(frozen=True, slots=True)
class ByEvent:
    """What became of one event over all its injections."""

    event: str
    slow: bool
    found: int
    laid: int
    delay: timedelta | None  # the middle of those found
    label: str
    label_fits: bool | None
    help: str
    help_fits: bool | None


def figures(told: Mapping[str, Any] | None) -> list[Figure]:
    """The figures of one kind of events, in the order the report tells them."""
    kept = {k: v for k, v in (told or {}).items() if isinstance(v, dict) and "is" in v}
    return [Figure(k, v["is"], v.get("from"), v.get("to")) for k, v in kept.items()]


def by_event(report: Mapping[str, Any]) -> list[ByEvent]:
    """Every event of a report: found how often, how soon, and what the desk called it."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for outcome in report.get("outcomes", []):
        groups.setdefault(outcome["event"], []).append(outcome)
    return [event_of(name, outcomes) for name, outcomes in groups.items()]


def event_of(name: str, outcomes: Sequence[Mapping[str, Any]]) -> ByEvent:
    found = sorted((o for o in outcomes if o["delay"] is not None), key=lambda o: o["delay"])
    middle = found[len(found) // 2] if found else {}
    return ByEvent(
        name, bool(outcomes[0]["slow"]), len(found), len(outcomes),
        timedelta(seconds=middle["delay"]) if found else None,
        str(middle.get("label", "")), middle.get("label_fits"),
        next(iter(middle.get("help", ())), ""), middle.get("help_fits"),
    )  # fmt: skip


def backtests(agency: Agency) -> QuerySet[Backtest]:
    """Every measuring, newest first, without the reports."""
    return Backtest.objects.filter(agency=agency).select_related("run_by").defer("report")


def asleep(test: Backtest) -> bool:
    """Whether it never ended and has not said a word for long: its process is gone."""
    return test.ended_at is None and timezone.now() - test.told_at > ASLEEP


def rumour_log(agency: Agency) -> QuerySet[Rumour]:
    """Every rumour, the newest first: what was claimed, what we know, what we said and when."""
    rows = Rumour.objects.filter(agency=agency).order_by("-logged_at")
    return rows.select_related("moment", "checked_by")


def rumours(moment: Moment) -> QuerySet[Rumour]:
    return moment.rumours.select_related("checked_by")


def resources(agency: Agency) -> QuerySet[Resource]:
    """The library: what is offered, what is due for review first."""
    due = Q(review_by__lt=timezone.localdate())
    return (
        Resource.objects.filter(agency=agency)
        .offered()
        .annotate(used=Count("match"), late=Count("pk", filter=due))
        .order_by("-late", "name")
    )
