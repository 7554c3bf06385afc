"""Lets a program in, or says why not: asked anew for each request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from commonground.connect.models import Token, Use, digest_of
from commonground.connect.states import reaches
from commonground.kit.api.problems import Problem
from commonground.kit.through import THROUGH

LONGEST = 200  # letters of a token: nobody makes us digest more
BURST, HOUR = 10, 3600  # seconds
NOTED_EVERY = timedelta(minutes=1)


def enter(secret: str, scope: str, *, writes: bool) -> Token | None:
    """The token, if it opens this operation at this moment; None where it opens nothing."""
    if not 0 < len(secret) <= LONGEST:
        return None
    held = Token.objects.standing().filter(digest=digest_of(secret), member__is_active=True)
    token = held.select_related("member__agency", "agency").first()
    if token is None:
        return None
    must_reach(token, scope)
    must_wait_its_turn(token, "write" if writes else "read")
    if writes:
        must_not_be_stopped(token)
    note_use(token)
    THROUGH.set(token.name)  # what is written down from here on says so
    return token


def must_reach(token: Token, scope: str) -> None:
    """It was allowed this, and its member may do it still."""
    if not scope:
        return
    if scope not in token.scopes:
        raise Problem("not-yours", _("This token lacks the scope “%(scope)s”.") % {"scope": scope})
    if not reaches(scope, token.member.roles):
        raise Problem("not-yours", _("The member this token belongs to may no longer do this."))


def must_not_be_stopped(token: Token) -> None:
    if import_string(settings.STOPPED_BY)(token.agency_id):
        raise Problem("stopped", _("Everything is stopped, so programs change nothing here."))


def must_wait_its_turn(token: Token, kind: str) -> None:
    burst, hourly = settings.API_LIMITS[kind]
    now = timezone.now()
    for name, most, seconds in ((f"{kind} burst", burst, BURST), (f"{kind} hour", hourly, HOUR)):
        since = begun(now, seconds)
        if not one_more(token, name, most, since):
            left = since + timedelta(seconds=seconds) - now
            again = str(max(1, int(left.total_seconds()) + 1))
            said = _("Too many requests. Wait %(seconds)s seconds.") % {"seconds": again}
            raise Problem("too-many", said, headers={"Retry-After": again})


def begun(now: datetime, seconds: int) -> datetime:
    """When the stretch of time began that this moment lies in."""
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def one_more(token: Token, kind: str, most: int, since: datetime) -> bool:
    counted = Use.objects.filter(token=token, kind=kind, since=since)
    more = counted.filter(count__lt=most)
    if more.update(count=F("count") + 1):
        return True
    # Nobody asked yet, somebody made the row a moment ago, or it is full: the last line knows.
    Use.objects.get_or_create(token=token, kind=kind, since=since)
    return bool(more.update(count=F("count") + 1))


def note_use(token: Token) -> None:
    """To the minute: whoever looks wants to know whether it is used, not how often."""
    now = timezone.now()
    stale = Q(used_at=None) | Q(used_at__lte=now - NOTED_EVERY)
    if token.used_at is None or token.used_at <= now - NOTED_EVERY:
        Token.objects.filter(stale, pk=token.pk).update(used_at=now)


def forget_uses(now: datetime) -> int:
    """Delete the counts of more than an hour ago."""
    return Use.objects.filter(since__lt=now - timedelta(hours=2)).delete()[0]
