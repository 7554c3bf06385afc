"""What we promised and how we did: figures with their dates, and the same for machines.

Nothing flattering is left out of the count that makes it so, and what is missing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commonground.agency.models import Agency
from commonground.answer.engine.targets import Summary
from commonground.answer.models import Promise
from commonground.answer.queries import measures, report
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.learn.queries import as_document, counted_rounds
from commonground.public import queries
from commonground.public.views import show
from commonground.public.views.counting import counted_once
from commonground.public.views.pulse import what_people_said
from commonground.record.queries import log
from commonground.say.models import Delivery
from commonground.say.states import DeliveryState

ANSWERS_OF, ALL_ELSE_OF = timedelta(days=90), timedelta(days=365)
FOR_NOW = {"Cache-Control": "public, max-age=60"}


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    agency = queries.the_agency(request)
    held = figures_of(agency, timezone.now())
    starred = any(row.letters for row in held.deliveries)
    said = {**held.__dict__, **what_people_said(agency), "starred": starred}
    return show(request, agency, "trust", **said)


@require_safe
def trust_file(request: HttpRequest) -> JsonResponse:
    """Every figure of the page. Times in seconds of office hours; null where nothing is known."""
    agency = queries.the_agency(request)
    held = figures_of(agency, timezone.now())
    rounds = counted_rounds(agency)
    said = {
        "agency": agency.name, "at": held.at,
        "first_answers": {
            "since": held.at - ANSWERS_OF,
            "promised_minutes": held.promise.minutes if held.promise else None,
            "answered": held.answers.answered, "not_answered_and_left_out": held.answers.left_out,
            "median_seconds": seconds(held.answers.median),
            "mean_seconds": seconds(held.answers.mean), "in_time": held.answers.in_time,
            "channels_not_heard": held.unheard,
        },
        "since": held.at - ALL_ELSE_OF,
        "corrections": held.corrections.__dict__ | {"median": seconds(held.corrections.median)},
        "deliveries": [row.__dict__ for row in held.deliveries],
        "measures": held.measures,
        "checkpoint": held.checkpoint and {"size": held.checkpoint.size, "at": held.checkpoint.at},
        "pulse": as_document(rounds[-1]) if rounds else None,
    }  # fmt: skip
    return JsonResponse(said, headers=FOR_NOW)


def seconds(length: timedelta | None) -> int | None:
    return round(length.total_seconds()) if length is not None else None


@dataclass(frozen=True)
class Corrections:
    """How often we put something right, and how long the wrong words stood before that."""

    published: int
    corrected: int
    withdrawn: int
    median: timedelta | None


@dataclass(frozen=True)
class Row:
    """What was to go out on one kind of channel: seen there afterwards, not gone out, or open."""

    network: str
    letters: bool  # nobody can look into people's boxes: seen means taken by the next server
    seen: int
    not_out: int
    unknown: int

    @property
    def all(self) -> int:
        return self.seen + self.not_out + self.unknown


@dataclass(frozen=True)
class Held:
    at: datetime
    promise: Promise | None
    answers: Summary
    unheard: list[str]
    corrections: Corrections
    deliveries: list[Row]
    measures: dict[str, dict[str, int]]
    checkpoint: Any


def figures_of(agency: Agency, now: datetime) -> Held:
    since = now - ALL_ELSE_OF
    return Held(
        now, Promise.objects.filter(agency=agency).first(),
        counted_once(agency, "answers", lambda: report(agency, now - ANSWERS_OF)),
        unheard_of(agency), corrections_of(agency, since),
        counted_once(agency, "deliveries", lambda: deliveries_of(agency, since)),
        measures.counted(agency, since), log.last_checkpoint(),
    )  # fmt: skip


def unheard_of(agency: Agency) -> list[str]:
    """Accounts on which people write to us and the desk does not hear them: in no figure."""
    accounts = Channel.objects.listed().filter(agency=agency)
    return sorted(
        one.name for one in accounts if one.kind.hears is None and not one.kind.ours_alone
    )


def corrections_of(agency: Agency, since: datetime) -> Corrections:
    pages = queries.said_by(agency).filter(published_at__gte=since)
    corrected = pages.exclude(corrects=None).filter(withdrawn_at=None)
    stood = [
        (one.published_at - one.corrects.published_at).total_seconds()
        for one in corrected if one.corrects
    ]  # fmt: skip
    return Corrections(
        pages.count(), len(stood), pages.exclude(withdrawn_at=None).count(),
        timedelta(seconds=median(stood)) if stood else None,
    )  # fmt: skip


def deliveries_of(agency: Agency, since: datetime) -> list[Row]:
    ours = Delivery.objects.filter(
        agency=agency, variant__channel__drill=False, due_at__gte=since
    ).exclude(first_tried_at=None, state=DeliveryState.WAITING)
    ended = Q(state__in=[DeliveryState.DECLINED, DeliveryState.LATE])
    rows = ours.values("variant__channel__network").annotate(
        seen=Count("pk", filter=Q(state=DeliveryState.SENT)), not_out=Count("pk", filter=ended),
        unknown=Count("pk", filter=~ended & ~Q(state=DeliveryState.SENT)),
    )  # fmt: skip
    kinds = networks()
    return [
        Row(str(kinds[row["variant__channel__network"]].label),
            kinds[row["variant__channel__network"]].letters,
            row["seen"], row["not_out"], row["unknown"])
        for row in rows.order_by("variant__channel__network")
        if row["variant__channel__network"] in kinds
    ]  # fmt: skip
