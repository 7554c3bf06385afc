"""Looks daily at the proofs of our accounts, and says when one breaks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.channels.models import Channel
from commonground.protect import rules
from commonground.protect.engine.ties import OURS, Found, Kind, Look
from commonground.protect.line.looking import Account, Eyes, our_eyes
from commonground.protect.models import Proof
from commonground.record.actions import THE_DESK, witness


def know_proofs() -> None:
    """A row for each proof that could be looked for; none of an account nobody sees."""
    known = set(Proof.objects.values_list("channel", "kind"))
    missing = [
        Proof(channel=channel, kind=kind)
        for channel in Channel.objects.listed().elsewhere().exclude(url="")
        for kind in sorted(OURS | {Kind(name) for name in channel.kind.proves})
        if (channel.pk, kind.value) not in known
    ]
    Proof.objects.bulk_create(missing, ignore_conflicts=True)


def look_at_next_proof(eyes: Eyes | None = None) -> Proof | None:
    """Look at the proof nobody has looked at for longest, if one is due."""
    now = timezone.now()
    seen = Q(channel__in=Channel.objects.listed().exclude(url=""))
    due = Proof.objects.due(now).filter(seen).select_related("channel__agency").first()
    if due is None or not claimed(due, now):
        return None
    channel = due.channel
    subject = Account(channel.url, channel.handle, channel.address)
    note(due, (eyes or our_eyes(channel.agency)).look(Kind(due.kind), subject), timezone.now())
    return due


def claimed(proof: Proof, now: datetime) -> bool:
    """Of several workers one gets it."""
    as_we_saw_it = Proof.objects.filter(pk=proof.pk, looked_at=proof.looked_at)
    proof.looked_at = now
    return bool(as_we_saw_it.update(looked_at=now))


@transaction.atomic
def note(proof: Proof, look: Look, at: datetime) -> None:
    """What a look found. One that finds what the last one did is a heartbeat, and no entry."""
    told: dict[str, Any] = {"kind": proof.kind, "why": look.why.value, "detail": look.detail[:300]}
    change: dict[str, Any] = {"why": look.why.value, "detail": look.detail[:300]}
    if look.found == Found.THERE:
        if proof.stood_at is None or proof.broken_at:
            witness("see_proof", proof, by=THE_DESK, kind=proof.kind)
        change |= {"stood_at": at, "broken_at": None, "told_at": None, "telling_since": None}
    elif look.found == Found.ABSENT and proof.stood_at and not proof.broken_at:
        witness("break_proof", proof, by=THE_DESK, **told)
        change |= {"broken_at": at}
    Proof.objects.filter(pk=proof.pk).update(**change)


def look_again(agency: Agency, *, by: Member) -> int:
    """Somebody has put something right: look at everything within a minute or so."""
    rules.may_look_again(agency, by)
    return Proof.objects.filter(channel__agency=agency).update(looked_at=None)


def begin_telling(proof: Proof, now: datetime) -> bool:
    """Of several workers one tells; if it dies over it, another begins a minute later."""
    as_we_saw_it = Proof.objects.to_tell(now).filter(pk=proof.pk)
    return bool(as_we_saw_it.update(telling_since=now))


@transaction.atomic
def note_told(proof: Proof, names: Sequence[str]) -> None:
    """They know of this break; whom a letter reached stands in the record, with nobody too."""
    if Proof.objects.broken().filter(pk=proof.pk, told_at=None).update(told_at=timezone.now()):
        witness("tell_of_proof", proof, by=THE_DESK, kind=proof.kind, names=list(names))
