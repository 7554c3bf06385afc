"""What arrives from outlets by itself, and what it may be about."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from commonground.agency.models import Agency
from commonground.hear.models import Topic
from commonground.learn.engine.matching import (
    AFTER,
    BEFORE,
    Subject,
    common_among,
    stems_of,
    ways_in,
)
from commonground.learn.models import Coverage, Outlet, Printed

LATELY = 200  # of an agency's articles: enough to know which words are in all of them
SHOWN = 30


def outlets(agency: Agency) -> QuerySet[Outlet]:
    """With how many pages came from each, and how many of them were about something of ours."""
    about_us = Count("printed__articles", filter=Q(printed__articles__set_aside_at=None))
    return Outlet.objects.filter(agency=agency).annotate(about_us=about_us)


def our_outlet(agency: Agency, outlet_id: UUID) -> Outlet | None:
    return Outlet.objects.filter(agency=agency, pk=outlet_id).first()


def arrived(outlet: Outlet) -> QuerySet[Printed]:
    """The newest pages, without their bytes."""
    return outlet.printed.defer("packed", "text").order_by("-published_at")[:SHOWN]


def subject_of(coverage: Coverage) -> Subject:
    """What an article must be about to be taken for one about this."""
    messages = tuple(coverage.messages)
    ways = [way for message in messages for way in ways_in(message)]
    if moment := coverage.moment:
        own = (moment.label, *moment.terms, moment.why)
        ways += [way for text in own for way in ways_in(text)]
        places = (*topic_places(coverage, moment.topic, own, messages), *ways)
        since, until = moment.first_post_at, moment.closed_at
        return Subject(own, unique(places), messages, since, until)
    campaign = coverage.campaign
    assert campaign is not None  # noqa: S101 - the table says that it is of one of the two
    since, until = at_day(campaign.since, time.min), at_day(campaign.until, time.max)
    places = (*topic_places(coverage, "", (campaign.name,), messages), *ways)
    return Subject((campaign.name,), unique(places), messages, since, until)


def topic_places(
    coverage: Coverage, topic: str, own: tuple[str, ...], messages: tuple[str, ...]
) -> list[str]:
    """Places of what we listen for: all of the moment's topic; of other topics those it names."""
    whole = " ".join([*own, *messages]).casefold()
    found = []
    for row in Topic.objects.filter(agency=coverage.agency_id).only("name", "places"):
        names = row.called
        found += [n for n in names if row.name == topic or n.casefold() in whole]
    return found


def unique(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in names if name.strip()}.values())


def at_day(day: object, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_current_timezone()).astimezone(UTC)  # type: ignore[arg-type]


def followed(agency: Agency, at: datetime) -> QuerySet[Coverage]:
    """What an article of this time is held against: all about which it could still be written, or
    the work for each article would grow with every moment there ever was."""
    over = at - AFTER
    running = Q(moment__closed_at=None, campaign=None) | Q(moment__closed_at__gte=over)
    # A day of grace: a campaign ends with a day of its agency, wherever on earth that is.
    running |= Q(campaign__until__gte=over.date() - timedelta(days=1))
    rows = Coverage.objects.filter(running, agency=agency)
    return rows.select_related("moment", "campaign", "agency")


def common_in(agency: Agency) -> frozenset[str]:
    """Words that so many articles have that they say nothing of one."""
    rows = Printed.objects.readable().filter(outlet__agency=agency).order_by("-found_at")
    lately = rows.values_list("headline", "text", "summary")[:LATELY]
    return common_among([stems_of(f"{head}\n{text or said}") for head, text, said in lately])


def kept_since(coverage: Coverage) -> QuerySet[Printed]:
    """What had arrived before it was followed, and is still here."""
    since = subject_of(coverage).since - BEFORE
    rows = Printed.objects.readable().filter(outlet__agency=coverage.agency_id)
    return rows.filter(published_at__gte=since).select_related("outlet").order_by("published_at")
