"""What a delivery does next. One pure decision over what is known; the worker only obeys.

The rules are those of proven delivery: the intent is on disk before the first byte;
after any doubt we look before we ask again; "not there" counts only once an earlier
request can no longer be on its way; and whatever cannot be settled is told to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from commonground.channels.contract import Settles
from commonground.say.states import DeliveryState

# A request is given up after this long, so that nothing of it can still arrive
# once `IN_FLIGHT` has passed.
DEADLINE = timedelta(seconds=30)
IN_FLIGHT = DEADLINE + timedelta(seconds=5)
# A worker that dies leaves its delivery to another after this; more than twice the
# deadline, so that a slow worker is not taken for a dead one.
LEASE = timedelta(seconds=90)
# A delivery that cannot be made within this is not made any more, and a person is told.
NOT_AFTER = timedelta(hours=4)
MOST_ATTEMPTS = 8  # of asking again after a doubt; a plain "not now" is asked until it is late


class Move(StrEnum):
    SEND = "send"
    LOOK = "look"
    LET_GO = "let_go"  # its time is over and it certainly did not go out
    LEAVE = "leave"  # a person must decide; nothing is tried any more


@dataclass(frozen=True, slots=True)
class Known:
    """All that decides what happens next. Times are aware datetimes of one clock."""

    state: DeliveryState
    settles: Settles
    attempt: int
    now: datetime
    not_after: datetime
    last_tried_at: datetime | None = None
    taken_back: bool = False  # the post was withdrawn while this was under way


def next_move(known: Known) -> Move:
    """What to do with a delivery that is due and in nobody's hands."""
    if known.state == DeliveryState.WAITING:
        over = known.taken_back or known.now > known.not_after
        return Move.LET_GO if over else Move.SEND
    # Sending with nobody at it, or unsure: something of ours may be out there.
    return Move.LEAVE if known.settles == Settles.NEVER else Move.LOOK


def after_absence(known: Known) -> Move:
    """What to do once we looked and it was not there."""
    protected = known.settles in (Settles.BY_KEY, Settles.BY_OWN_ID)
    settled = known.last_tried_at is None or known.now - known.last_tried_at >= IN_FLIGHT
    if not settled and not protected:
        return Move.LOOK
    if known.taken_back or known.now > known.not_after:
        return Move.LET_GO if settled else Move.LOOK
    return Move.SEND if known.attempt < MOST_ATTEMPTS else Move.LEAVE


def look_again_in(attempt: int) -> timedelta:
    """How long to wait before looking or asking again: 2 s, doubling, never above 5 min."""
    return min(timedelta(seconds=2 ** min(attempt, 9)), timedelta(minutes=5))
