"""Which proofs of themselves a member has, which they should have, and when they last gave one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from commonground.agency.models import Member
from commonground.agency.states import Role

PASSKEY, CODES, PASSWORD = "webauthn", "totp", "password"
FRESH = timedelta(minutes=5)
PROVED_AT = "proved_at"
# Whoever lets words go out, or says who may: a password that was phished must not be enough.
NEED_A_PASSKEY = frozenset({Role.APPROVER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Missing:
    """A proof that somebody has yet to add, and until when."""

    passkey: bool
    by: datetime

    @property
    def overdue(self) -> bool:
        return self.by <= timezone.now()


def kinds_of(member: Member) -> frozenset[str]:
    """Passkeys, one-time codes, recovery codes: what they have besides a password."""
    return frozenset(Authenticator.objects.filter(user_id=member.pk).values_list("type", flat=True))


def strongest(kinds: frozenset[str]) -> str:
    """What counts as a proof of this person. What is stronger is never replaced by what is not."""
    return PASSKEY if PASSKEY in kinds else CODES if CODES in kinds else PASSWORD


def missing(member: Member) -> Missing | None:
    """What this member has yet to add; None if they have what their roles ask for."""
    kinds, days = kinds_of(member), timedelta(days=member.agency.days_for_factors)
    if PASSKEY in kinds:
        return None
    since = list(
        member.role_rows.filter(role__in=NEED_A_PASSKEY)
        .order_by("since")
        .values_list("since", flat=True)[:1]
    )
    if since:
        return Missing(passkey=True, by=max(since[0], member.joined_at) + days)
    return None if CODES in kinds else Missing(passkey=False, by=member.joined_at + days)


def in_grace(member: Member) -> bool:
    """Whether nothing can be overdue yet. Asks no table: it is asked on each page."""
    return timezone.now() < member.joined_at + timedelta(days=member.agency.days_for_factors)


def proved_lately(request: HttpRequest) -> bool:
    at = float(request.session.get(PROVED_AT, 0))
    return timezone.now().timestamp() - at < FRESH.total_seconds()


def note_proof(request: HttpRequest) -> None:
    request.session[PROVED_AT] = timezone.now().timestamp()


def kind_of(record: Mapping[str, Any]) -> str:
    """How somebody proved themselves, as we name it: passkey, code, password, or something else."""
    return str(record.get("type") if record.get("method") == "mfa" else record.get("method"))


@receiver(user_logged_in)
def signing_in_is_a_proof(request: HttpRequest | None, user: Member, **_: Any) -> None:
    """With the best of what they have; a recovery code, or another house's word, is not that."""
    if request is None or not hasattr(request, "session"):
        return
    shown = {kind_of(record) for record in get_authentication_records(request, user)}
    if not shown or strongest(kinds_of(user)) in shown:
        note_proof(request)
    else:
        request.session.pop(PROVED_AT, None)


@receiver(authentication_step_completed)
def asked_again(request: HttpRequest, user: Member, **step: Any) -> None:
    """The same while they are signed in, when something dangerous asks for it."""
    if step.get("reauthenticated") and kind_of(step) == strongest(kinds_of(user)):
        note_proof(request)
