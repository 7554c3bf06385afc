"""What of a campaign is planned, on its way, out, and held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from commonground.say.models import Campaign, Post
from commonground.say.queries.series import Coming, coming
from commonground.say.states import State

SHOWN = 50
# What has not been sent anywhere, and still may be.
OPEN = [State.DRAFT, State.IN_REVIEW, State.APPROVED, State.SCHEDULED, State.HELD]


@dataclass(frozen=True, slots=True)
class Parts:
    """Its posts by how far they are."""

    drafts: Sequence[Post]
    queued: Sequence[Post]
    held: Sequence[Post]
    out: Sequence[Post]
    lost: Sequence[Post]
    planned: Sequence[Coming]


def parts_of(campaign: Campaign) -> Parts:
    rows = campaign.posts.select_related("author", "held_by", "held_for", "agency")
    posts = sorted(rows.order_by("-changed_at")[: SHOWN * 4], key=lambda post: post.due)

    def in_state(*states: State) -> list[Post]:
        return [post for post in posts if post.state in states][:SHOWN]

    return Parts(
        drafts=in_state(State.DRAFT, State.IN_REVIEW),
        queued=in_state(State.APPROVED, State.SCHEDULED),
        held=in_state(State.HELD),
        out=in_state(State.PUBLISHING, State.PUBLISHED)[::-1],
        lost=in_state(State.FAILED, State.WITHDRAWN),
        planned=planned_in(campaign),
    )


def planned_in(campaign: Campaign) -> list[Coming]:
    now, found = timezone.now(), []
    running = campaign.series.running().select_related("agency")
    for series in running.prefetch_related("occurrences"):
        since = max(series.since, timezone.localdate(now, series.zone))
        found += [one for one in coming(series, since, series.until) if one.at > now]
    return sorted(found, key=lambda one: one.at)[:SHOWN]


def could_join(campaign: Campaign) -> QuerySet[Post]:
    """Posts of the agency that belong to nothing yet, and have not gone out."""
    return campaign.agency.posts.filter(campaign=None, state__in=OPEN)
