"""Ends our sign-ins after everything was stopped.

What was on its way then can only be looked for with its sign-in, so each lives until nothing of
its account is under way; but none outlives the minute that was promised.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import translation

from commonground.kit.clock import database_now
from commonground.kit.hands import Hands
from commonground.protect import actions
from commonground.protect.models import Revocation
from commonground.say.queries.wire import is_on_its_way

LOOKED_FOR = timedelta(seconds=30)  # then a sign-in ends, whatever is under way
NO_TIME_TO_ASK = timedelta(seconds=50)  # then it is only deleted here: a network may be slow
DROPPED = timedelta(seconds=15)  # whoever began it has died
AT_ONCE = 16


def end_sign_ins() -> None:
    """One round: end each sign-in that nothing needs any more, all at once."""
    if due := to_end():
        with Hands(AT_ONCE, "revokers") as hands:
            hands.each(end, due)


def to_end() -> list[Revocation]:
    now = database_now()
    free = Q(begun_at=None) | Q(begun_at__lte=now - DROPPED)
    rows = Revocation.objects.pending().filter(free).select_related("hold__agency", "channel")
    return [r for r in rows if now - r.hold.since >= LOOKED_FOR or not is_on_its_way(r.channel)]


def end(row: Revocation) -> None:
    now = database_now()
    with translation.override(row.hold.agency.language):
        actions.revoke(row, now, ask=now - row.hold.since < NO_TIME_TO_ASK)
