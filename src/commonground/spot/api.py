"""For programs: what the public talks about, and the help that is there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from commonground.connect.http import ProgramRequest
from commonground.kit.api.asking import MOST_A_PAGE, Listed, needs, next_page, one_of, with_etag
from commonground.kit.paging import by_time
from commonground.spot import queries
from commonground.spot.models import Moment, Resource
from commonground.spot.states import State

router = Router(tags=["moments"])
READ = "moments:read"
AState = Annotated[str, one_of(State)]


class ResourceShown(Schema):
    """Vetted help the public can use."""

    id: UUID
    name: str
    about: str
    kind: str
    languages: list[str]
    area: str
    hours: str
    phone: str
    url: str
    overloaded: bool
    checked_on: date | None
    review_by: date | None


class MomentShown(Schema):
    """The public is suddenly talking about something. Never who."""

    id: UUID
    state: str
    label: str
    topic: str
    terms: list[str]
    grave: bool
    surprise: float = Field(description="How far above the usual, in its own wobbles.")
    count: int
    usual: float
    volume: int
    languages: dict[str, int]
    opened_at: datetime
    last_post_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    first_word_at: datetime | None = Field(description="When anybody could first read us on it.")
    did: str
    reason: str
    resources: list[UUID]
    page: str


class Moments(Listed):
    items: list[MomentShown]


class Resources(Schema):
    items: list[ResourceShown]


def shown(moment: Moment) -> MomentShown:
    plain = {
        name: getattr(moment, name)
        for name in MomentShown.model_fields
        if name not in ("id", "resources", "page")
    }
    fits = [match.resource_id for match in moment.matches.all()]
    page = settings.ENV.site_url.rstrip("/") + moment.get_absolute_url()
    return MomentShown(id=moment.pk, resources=fits, page=page, **plain)


def resource_shown(resource: Resource) -> ResourceShown:
    return ResourceShown(**{n: getattr(resource, n) for n in ResourceShown.model_fields})


@router.get("/moments", response=Moments, summary="Moments, newest first", **needs(READ))
def moments(
    request: ProgramRequest,
    state: AState | None = None,
    before: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 20,
) -> dict[str, Any]:
    rows = queries.moments(request.auth.agency)
    page = by_time(rows.filter(state=state) if state else rows, "opened_at", before, limit)
    items = [shown(moment) for moment in page.rows]
    return {"items": items, "next": next_page(request, page, before)}


@router.get(
    "/moments/{uuid:moment_id}", response={200: MomentShown, 304: None}, summary="One moment",
    **needs(READ),
)  # fmt: skip
def moment(request: ProgramRequest, response: HttpResponse, moment_id: UUID) -> Any:
    found = get_object_or_404(queries.moments(request.auth.agency), pk=moment_id)
    return with_etag(request, response, shown(found))


@router.get("/resources", response=Resources, summary="The help there is", **needs(READ))
def resources(request: ProgramRequest) -> dict[str, Any]:
    return {"items": [resource_shown(one) for one in queries.resources(request.auth.agency)]}


@router.get(
    "/resources/{uuid:resource_id}", response=ResourceShown, summary="One of them", **needs(READ)
)
def resource(request: ProgramRequest, resource_id: UUID) -> ResourceShown:
    ours = Resource.objects.offered().filter(agency=request.auth.agency_id)
    return resource_shown(get_object_or_404(ours, pk=resource_id))
