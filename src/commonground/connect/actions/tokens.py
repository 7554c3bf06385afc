"""Keys of programs: made, taken by their member, ended."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.connect import rules
from commonground.connect.models import Token, digest_of
from commonground.connect.states import Scope
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, witness

# So that programs which look for secrets in public places know one of ours.
PREFIX = "commonground_"
BYTES = 32


@transaction.atomic
def make_token(
    member: Member, *, name: str, scopes: Collection[str], expires_at: datetime, by: Member
) -> tuple[Token, str]:
    """A key for a program of this member's, and the key itself, which is seen this once.

    Made for somebody else it is only offered, and there is nothing to see: its member takes it.
    """
    rules.may_make_token(member, by, scopes=scopes, expires_at=expires_at)
    asked = [str(scope) for scope in Scope if scope in scopes]
    try:
        with transaction.atomic():
            token = Token.objects.create(
                agency=by.agency, member=member, name=name, scopes=asked, made_by=by,
                expires_at=expires_at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("There is a program of this name already. Choose another.")) from None
    told = {"member": member.name, "scopes": asked, "until": expires_at.isoformat()}
    if member.pk != by.pk:
        witness("offer_token", token, by=by, **told)
        return token, ""
    witness("make_token", token, by=by, **told)
    return token, sealed_into(token)


@transaction.atomic
def collect_token(token: Token, *, by: Member) -> str:
    """Take the key that was offered. This is the only time it can be seen."""
    rules.may_take(token, by)
    secret = sealed_into(token)
    witness("collect_token", token, by=by)
    return secret


def sealed_into(token: Token) -> str:
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    new = {"digest": digest_of(secret), "tail": secret[-4:]}
    if not Token.objects.filter(pk=token.pk, digest="", ended_at=None).update(**new):
        raise MovedOn(_("It was taken already, or has ended. Make a new one."))
    token.digest, token.tail = new["digest"], new["tail"]
    return secret


@transaction.atomic
def end_token(token: Token, *, by: Member) -> Token:
    """From this second it opens nothing."""
    rules.may_see(token, by)
    if Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=timezone.now()):
        witness("end_token", token, by=by, member=token.member.name)
    token.refresh_from_db()
    return token


@transaction.atomic
def tell_of_token(token: Token, names: Sequence[str], *, by_mail: bool) -> None:
    """Note that its member knows that it ends soon."""
    if Token.objects.filter(pk=token.pk, told_at=None).update(told_at=timezone.now()):
        route = "screen and e-mail" if by_mail else "screen"
        witness("tell_of_token", token, by=THE_DESK, names=list(names), route=route)
