"""For programs: which accounts speak for us, and on which the token's member may."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, cast
from uuid import UUID

from django.db.models import Min
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from commonground.channels.models import Channel
from commonground.connect.http import ProgramRequest
from commonground.kit.api.asking import needs

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Since(TypedDict):
    since: datetime | None


router = Router(tags=["registry"])
READ = "registry:read"


class Account(Schema):
    """An account that speaks for us."""

    id: UUID
    network: str
    name: str
    handle: str
    url: str
    purpose: str
    language: str
    unit: str | None
    state: str
    since: datetime | None
    last_proved: datetime | None
    vouched: bool = Field(description="Its network told us that it is ours, and still does.")
    yours: bool = Field(description="Whether the member of this token may speak on it just now.")


class Registry(Schema):
    agency: str
    as_of: datetime
    accounts: list[Account]


@router.get("/registry", response=Registry, summary="Accounts that speak for us", **needs(READ))
def registry(request: ProgramRequest) -> dict[str, Any]:
    """Also those the public register does not list. Drafts name their channels by `id`."""
    token = request.auth
    rows = Channel.objects.open().filter(agency=token.agency_id).select_related("unit")
    yours = set(Channel.objects.spoken_by(token.member).values_list("pk", flat=True))
    found = rows.annotate(since=Min("authorisations__starts_at")).order_by("network", "name")
    dated = cast("list[WithAnnotations[Channel, Since]]", list(found))
    accounts = [
        Account(
            id=row.pk, network=row.network, name=row.name, handle=row.handle, url=row.url,
            purpose=row.purpose, language=row.language, unit=row.unit.name if row.unit else None,
            state=row.state, since=row.since, last_proved=row.proved_at, vouched=row.vouched,
            yours=row.pk in yours,
        )
        for row in dated
    ]  # fmt: skip
    return {"agency": token.agency.name, "as_of": timezone.now(), "accounts": accounts}
