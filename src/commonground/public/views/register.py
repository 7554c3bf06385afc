"""The register of our accounts: for people, for machines, and signed for whoever keeps a copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commonground.agency.models import Agency
from commonground.channels.models import Channel
from commonground.protect.engine import register
from commonground.protect.engine.seeing import skeleton_of_name
from commonground.protect.engine.ties import both_ways
from commonground.protect.line.looking import our_key
from commonground.protect.models import Impostor
from commonground.public import engine, queries
from commonground.public.views import show
from commonground.record.engine import notes
from commonground.record.queries.log import signing_key

# Anybody's page may read it. A copy of five minutes spares us a question, and is never stale.
OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
TEXT = "text/plain; charset=utf-8"


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The register of accounts that speak for us, and the answer to "is this one yours?"."""
    agency = queries.the_agency(request)
    registered = queries.accounts_of(agency)
    asked = request.GET.get("account", "").strip()[:300]
    match = next((a for a in registered if asked and is_named(a, asked)), None)
    was, alike = (None, None) if match else none_of_ours(agency, registered, asked)
    pretending = queries.not_ours(agency)
    pretends = next((one for one in pretending if asked and is_known(one, asked)), None)
    closed = queries.closed_accounts_of(agency)
    closed_at = queries.closed_when(closed)
    return show(
        request, agency, "accounts", accounts=registered, asked=asked, match=match, was=was,
        alike=alike, pretending=pretending, pretends=pretends,
        closed=[(one, closed_at.get(str(one.pk))) for one in closed],
        until=timezone.now() + register.GOOD_FOR, key=our_key(agency),
    )  # fmt: skip


def none_of_ours(
    agency: Agency, registered: Sequence[Channel], asked: str
) -> tuple[Channel | None, Channel | None]:
    """The closed account of this very name; and the one of ours that it looks like."""
    closed = queries.closed_accounts_of(agency)
    was = next((a for a in closed if is_named(a, asked)), None)
    alike = next((a for a in [*registered, *closed] if asked and looks_like(a, asked)), None)
    return was, alike


def looks_like(account: Channel, typed: str) -> bool:
    """Whether a reader would take the name for ours at a glance (UTS 39)."""
    name = skeleton_of_name(own_name(typed))
    return bool(name) and name == skeleton_of_name(own_name(account.handle))


def own_name(typed: str) -> str:
    """The person's part of a name: of @city@social.example, and of a link to it, the city."""
    last = engine.plain_name(typed).rpartition("/")[2].lstrip("@")
    return last.partition("@")[0]


def is_known(case: Impostor, typed: str) -> bool:
    """Whether somebody asks for the very account of which we warn."""
    name = engine.plain_name(typed)
    return bool(name) and name in {engine.plain_name(case.handle), engine.plain_name(case.url)}


def is_named(account: Channel, typed: str) -> bool:
    name = engine.plain_name(typed)
    return bool(name) and name in {
        engine.plain_name(account.handle), engine.plain_name(account.url)
    }  # fmt: skip


@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The register for machines. The docs say what each field means."""
    agency = queries.the_agency(request)
    return JsonResponse({**document(agency), "key": str(our_key(agency))}, headers=OPEN)


@require_safe
def signed(request: HttpRequest) -> HttpResponse:
    """The same, signed with the key of our record: whoever has the key needs no line to us."""
    agency = queries.the_agency(request)
    text = register.text_of(our_key(agency).name, document(agency))
    note = notes.signed(text, our_key(agency).name, signing_key())
    return HttpResponse(note, content_type=TEXT, headers=OPEN)


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Whose signature the register must bear."""
    agency = queries.the_agency(request)
    return HttpResponse(f"{our_key(agency)}\n", content_type=TEXT, headers=OPEN)


def document(agency: Agency) -> dict[str, Any]:
    """Everything the register says, as of now."""
    now, gone = timezone.now(), queries.closed_accounts_of(agency)
    closed_at = queries.closed_when(gone)
    closed = [{**names(a), "closed": moment(closed_at.get(str(a.pk)))} for a in gone]
    listed = [told(account) for account in queries.accounts_of(agency)]
    pretending = [told_of_impostor(case) for case in queries.not_ours(agency)]
    return register.document(agency.name, agency.site, now, listed, closed, pretending)


def told_of_impostor(case: Impostor) -> dict[str, Any]:
    return {
        "network": case.network, "handle": case.handle, "url": case.url,
        "since": moment(case.reported_at or case.decided_at), "gone": moment(case.gone_at),
    }  # fmt: skip


def names(account: Channel) -> dict[str, Any]:
    return {
        "network": account.network, "handle": account.handle, "url": account.url,
        "name": account.name,
    }  # fmt: skip


def told(account: Any) -> dict[str, Any]:
    proofs = [proof for proof in account.proofs.all() if proof.stood_at]
    return {
        **names(account), "purpose": account.purpose, "language": account.language,
        "unit": account.unit.name if account.unit else None, "since": moment(account.since),
        "last_proved": moment(account.proved_at), "vouched": account.vouched,
        "verified_both_ways": moment(both_ways(proof.tie for proof in proofs)),
        "proofs": [
            {"kind": p.kind, "seen": moment(p.stood_at), "broken": moment(p.broken_at)}
            for p in proofs
        ],
    }  # fmt: skip


def moment(at: datetime | None) -> str | None:
    return register.moment(at) if at else None
