"""For programs: who they are here, and what they have told elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from commonground.connect import actions, queries
from commonground.connect.engine.events import EVENTS
from commonground.connect.http import IdempotencyKey, ProgramRequest, made_once
from commonground.connect.models import Notice, Webhook
from commonground.connect.states import Scope
from commonground.kit.api.asking import (
    MOST_A_PAGE,
    Listed,
    must_be_as_read,
    needs,
    next_page,
    one_of,
    with_etag,
)
from commonground.kit.paging import by_time

router = Router(tags=["programs"])
MANAGE = Scope.MANAGE_WEBHOOKS.value
Event = Annotated[str, one_of(EVENTS)]
Mark = Annotated[str, Query(max_length=120, description="From `next` of the page before.")]
HowMany = Annotated[int, Query(ge=1, le=MOST_A_PAGE)]
Name = Annotated[
    str,
    StringConstraints(
        pattern=r"^[^\x00-\x1f\x7f-\x9f\s](?:[^\x00-\x1f\x7f-\x9f]{0,58}[^\x00-\x1f\x7f-\x9f\s])?$"
    ),
]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,390}$")]


class Me(Schema):
    """What the token that asks may do."""

    program: str
    scopes: list[str]
    member: str
    roles: list[str]
    agency: str
    expires_at: datetime
    limits: dict[str, dict[str, int]]


@router.get("/me", response=Me, summary="What this token may do", **needs(""))
def me(request: ProgramRequest) -> dict[str, Any]:
    """Also what its member may do at this moment, and how often it may ask."""
    token = request.auth
    limits = {
        kind: {"in_10_seconds": burst, "in_an_hour": hourly}
        for kind, (burst, hourly) in settings.API_LIMITS.items()
    }
    return {
        "program": token.name, "scopes": token.scopes, "member": token.member.name,
        "roles": sorted(token.member.roles), "agency": token.agency.name,
        "expires_at": token.expires_at, "limits": limits,
    }  # fmt: skip


class Listening(Schema):
    """A program elsewhere, and what it is told of."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Address = Field(description="Where it listens: https, on the usual port.")
    events: list[Event] = Field(min_length=1, max_length=len(EVENTS))


class WebhookShown(Schema):
    id: UUID
    name: str
    address: str
    events: list[str]
    owner: str
    state: Annotated[str, one_of(["running", "paused", "given up"])]
    answered_at: datetime | None


class WebhookMade(WebhookShown):
    secret: str | None = Field(
        description="Signs what it is told. Shown once: null when the request was sent again."
    )


class Webhooks(Schema):
    items: list[WebhookShown]


class NoticeShown(Schema):
    """One thing it was told, or will be."""

    id: str
    event: str
    at: datetime
    tries: int
    tried_at: datetime | None
    next_at: datetime | None
    told_at: datetime | None
    given_up_at: datetime | None
    status: int | None
    why: str


class Notices(Listed):
    items: list[NoticeShown]


def shown(webhook: Webhook) -> WebhookShown:
    state = "given up" if webhook.given_up_at else "paused" if webhook.paused_at else "running"
    return WebhookShown(
        id=webhook.pk, name=webhook.name, address=webhook.address, events=webhook.events,
        owner=webhook.owner.name, state=state, answered_at=webhook.answered_at,
    )  # fmt: skip


def notice_shown(notice: Notice) -> NoticeShown:
    waits = notice.told_at is None and notice.given_up_at is None
    return NoticeShown(
        id=notice.name, event=notice.event, at=notice.at, tries=notice.tries,
        tried_at=notice.tried_at, next_at=notice.next_at if waits else None,
        told_at=notice.told_at, given_up_at=notice.given_up_at, status=notice.status,
        why=notice.why,
    )  # fmt: skip


def ours(request: ProgramRequest, webhook_id: UUID) -> Webhook:
    return get_object_or_404(queries.webhooks_of(request.auth.agency), pk=webhook_id)


@router.get("/webhooks", response=Webhooks, summary="Programs that are told", **needs(MANAGE))
def webhooks(request: ProgramRequest) -> dict[str, Any]:
    return {"items": [shown(one) for one in queries.webhooks_of(request.auth.agency)]}


@router.post(
    "/webhooks", response={201: WebhookMade, 200: WebhookMade}, summary="Tell a program",
    **needs(MANAGE),
)  # fmt: skip
def open_webhook(request: ProgramRequest, asked: Listening, key: IdempotencyKey) -> Status[Any]:
    """From now on it is told of these events, signed with the secret that is in the answer."""
    secrets: list[str] = []

    def make() -> Webhook:
        made, secret = actions.open_webhook(by=request.auth.member, **asked.model_dump())
        secrets.append(secret)
        return made

    made, new = made_once(request, key, asked, make)
    whole = shown(ours(request, made)).model_dump()
    return Status(201 if new else 200, {**whole, "secret": next(iter(secrets), None)})


@router.get(
    "/webhooks/{uuid:webhook_id}", response={200: WebhookShown, 304: None},
    summary="One program that is told", **needs(MANAGE),
)  # fmt: skip
def webhook(request: ProgramRequest, response: HttpResponse, webhook_id: UUID) -> Any:
    return with_etag(request, response, shown(ours(request, webhook_id)))


@router.put(
    "/webhooks/{uuid:webhook_id}", response=WebhookShown, summary="Change what it is told",
    **needs(MANAGE),
)  # fmt: skip
def change_webhook(
    request: ProgramRequest, response: HttpResponse, webhook_id: UUID, asked: Listening
) -> Any:
    """Needs `If-Match` with the ETag that was read."""
    found = ours(request, webhook_id)
    must_be_as_read(request, shown(found))
    actions.change_webhook(found, by=request.auth.member, **asked.model_dump())
    return with_etag(request, response, shown(ours(request, webhook_id)))


@router.delete(
    "/webhooks/{uuid:webhook_id}", response={204: None}, summary="Tell it nothing any more",
    **needs(MANAGE),
)  # fmt: skip
def close_webhook(request: ProgramRequest, webhook_id: UUID) -> Status[None]:
    actions.close_webhook(ours(request, webhook_id), by=request.auth.member)
    return Status(204, None)


@router.get(
    "/webhooks/{uuid:webhook_id}/notices", response=Notices, summary="What it was told",
    **needs(MANAGE),
)  # fmt: skip
def notices(
    request: ProgramRequest, webhook_id: UUID, before: Mark = "", limit: HowMany = 20
) -> dict[str, Any]:
    """Newest first, with what was answered, and when it is tried again."""
    page = by_time(ours(request, webhook_id).notices.all(), "at", before, limit)
    items = [notice_shown(one) for one in page.rows]
    return {"items": items, "next": next_page(request, page, before)}


@router.post(
    "/webhooks/{uuid:webhook_id}/test", response={202: NoticeShown}, summary="Send a test",
    **needs(MANAGE),
)  # fmt: skip
def send_test(request: ProgramRequest, webhook_id: UUID) -> Status[NoticeShown]:
    """An event of the type `test`, signed like all others."""
    sent = actions.send_test(ours(request, webhook_id), by=request.auth.member)
    return Status(202, notice_shown(sent))
