"""The life of one delivery, rule by rule: exactly once, or a person is told.

A worker carries a delivery by obeying the steps `carry` asks for and telling it what came
of each. It touches no table, no network and no clock, so the same lines run on the desk and
in the simulator (tests/delivery). All times are aware datetimes of the database's clock.

The parts of a thread are deliveries that stand behind each other: one has its turn when the
public sees the one before it, and not a moment sooner.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from commonground.channels.contract import Receipt, Settles
from commonground.say.engine.steps import (
    Answer as Answer,
    Around as Around,
    Claim as Claim,
    Fence as Fence,
    Heard as Heard,
    Hindrance as Hindrance,
    Intend as Intend,
    Look as Look,
    Looked as Looked,
    Move as Move,
    Note as Note,
    Row as Row,
    Send as Send,
    Step as Step,
    Steps as Steps,
)
from commonground.say.states import DELIVERY, DeliveryState

# From the written intent to the fence SLACK may pass; from the fence on, DEADLINE, however
# many requests it takes; and a server may still act on a request that we gave up.
SLACK = timedelta(seconds=5)
DEADLINE = timedelta(seconds=30)
BELATED = timedelta(seconds=60)
IN_FLIGHT = SLACK + DEADLINE + BELATED
# A worker that dies leaves its delivery to another after this; more than twice the
# deadline, so that a slow worker is not taken for a dead one, and less than the 90 s
# within which another must take over.
LEASE = timedelta(seconds=75)
MOST_ATTEMPTS = 8  # of asking again after a doubt; a plain "not now" is asked until it is late
PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=5)
HELD_PAUSE = timedelta(seconds=5)  # while something of ours, not the network, is in the way
SWEEP_EVERY = timedelta(seconds=15)
# By when each delivery was seen, or a person knows: (normal, urgent).
TOLD_WITHIN = (timedelta(seconds=300), timedelta(seconds=60))

S = DeliveryState
OURS = ("epoch", "attempt")  # with the state: what must be unchanged for an outcome to count


def carry() -> Steps:
    """Take one delivery as far as it will go now."""
    row: Row | None = yield Claim()
    if row is None:
        return
    move: Move | None = first_move(row, held_since(row))
    if move == Move.LOOK:
        move = yield from settle(row)
    match move:
        case Move.SEND:
            yield from ask(row)
        case Move.LET_GO:
            yield Note("pass_by", "taken back" if row.taken_back else "too late")
        case Move.LEAVE:
            yield Note("hand_over", "cannot tell")


def settle(row: Row) -> Generator[Step, Any, Move | None]:
    """Look for a post that may be out there. None: nothing more to do in this round."""
    found: Looked = yield Look(row.key)
    if found.sighting:
        yield Note("see", receipt=found.sighting.receipt)
        return None
    if found.blind:
        if found.at > row.not_after and not row.taken_back:
            return Move.LEAVE
        yield Note("lose_sight", found.blind, pause(row, found.at))
        return None
    move = after_absence(row, found.at)
    if move != Move.LOOK:
        return move
    yield Note("lose_sight", "not seen yet", pause(row, found.at))
    return None


def ask(row: Row) -> Steps:
    """Write the intent, ask everything again, ask the network, and write what came of it."""
    doubted = row.state != S.WAITING  # an earlier attempt may have left something behind
    intended: Row | Hindrance = yield Intend()
    if isinstance(intended, Hindrance):
        yield from wait(row, intended, doubted)
        return
    hindrance: Hindrance | None = yield Fence()
    if hindrance:
        yield from wait(intended, hindrance, doubted)
        return
    answer: Answer = yield Send(row.key)
    match answer.heard:
        case Heard.TOOK:
            yield from prove(intended, answer)
        case Heard.NOT_NOW:
            next_at = min(answer.again_at or pause(intended, answer.at), last_look(row))
            yield Note("lose_sight" if doubted else "put_back", answer.why, next_at)
        case Heard.NO if doubted:
            yield from refused(row, intended, answer)
        case Heard.NO:
            yield Note("decline", answer.why)
        case Heard.NOTHING:
            yield doubt(intended, answer.why, answer.at)


def prove(row: Row, answer: Answer) -> Steps:
    """Success is what the public sees, not what the network answered."""
    found: Looked = yield Look(row.key)
    if found.sighting:
        yield Note("see", receipt=found.sighting.receipt)
    else:
        yield doubt(row, found.blind or "taken, not seen yet", found.at, answer.receipt)


def refused(before: Row, row: Row, answer: Answer) -> Steps:
    """A no to a repeated request does not mean that an earlier one left nothing behind."""
    found: Looked = yield Look(row.key)
    if found.sighting:
        yield Note("see", receipt=found.sighting.receipt)
    elif found.blind or not is_settled(before, found.at):
        yield Note("lose_sight", found.blind or answer.why, pause(row, found.at))
    else:
        yield Note("decline", answer.why)


def wait(row: Row, hindrance: Hindrance, doubted: bool) -> Steps:
    """This attempt sent nothing. Leave it for a few seconds, unless it can never be sent."""
    next_at = held_since(row) + HELD_PAUSE
    if hindrance == Hindrance.TAKEN:
        return
    if hindrance == Hindrance.REFUSED:
        yield Note("hand_over" if doubted else "decline", hindrance.value)
    elif row.state == S.SENDING:
        yield Note("lose_sight" if doubted else "put_back", hindrance.value, next_at)
    else:
        yield Note("wait", hindrance.value, next_at)


def doubt(row: Row, why: str, at: datetime, receipt: Receipt | None = None) -> Note:
    """From here on we look before we ask again; where looking is no use, a person is told."""
    if row.settles == Settles.NEVER:
        return Note("hand_over", why, receipt=receipt)
    return Note("lose_sight", why, pause(row, at), receipt)


def first_move(row: Row, now: datetime) -> Move:
    """What to do with a delivery that is due and was in nobody's hands."""
    if row.state == S.WAITING:
        return Move.LET_GO if is_over(row, now) else Move.SEND
    # Sending with nobody at it, or unsure: something of ours may be out there.
    return Move.LEAVE if row.settles == Settles.NEVER else Move.LOOK


def after_absence(row: Row, now: datetime) -> Move:
    """What to do once we looked and it was not there."""
    settled = is_settled(row, now)
    if not settled and not is_protected(row, now):
        return Move.LOOK
    if is_over(row, now):
        return Move.LET_GO if settled else Move.LOOK
    return Move.SEND if row.attempt < MOST_ATTEMPTS else Move.LEAVE


def is_over(row: Row, now: datetime) -> bool:
    """Whether it is not wanted any more: too late, or taken back."""
    return row.taken_back or now > row.not_after


def is_settled(row: Row, now: datetime) -> bool:
    """Whether nothing of the last attempt can still be on its way."""
    return row.last_tried_at is None or now - row.last_tried_at >= IN_FLIGHT


def is_protected(row: Row, now: datetime) -> bool:
    """Whether the network keeps us from repeating: by our id, or, while it lives, by the key."""
    if row.settles == Settles.BY_KEY:
        return row.first_tried_at is None or now - row.first_tried_at <= row.key_is_good_for
    return row.settles == Settles.BY_OWN_ID


def hindrance_to(row: Row, mine: Row, around: Around) -> Hindrance | None:
    """What stands between the row as we hold it and the first byte. Pure; no locks."""
    if (row.epoch, row.attempt, row.state) != (mine.epoch, mine.attempt, mine.state):
        return Hindrance.TAKEN
    if around.stopped:
        return Hindrance.STOPPED
    if not around.publishing:
        return Hindrance.TAKEN_BACK
    if around.now > row.not_after:
        return Hindrance.TOO_LATE
    if not around.may_be_sent:
        return Hindrance.REFUSED
    return None if around.line_open else Hindrance.NO_LINE


def fence_against(row: Row, mine: Row, around: Around) -> Hindrance | None:
    """Once more after the intent; that must be young, for absence is counted from there."""
    if row.last_tried_at is None or around.now - row.last_tried_at > SLACK:
        return Hindrance.TAKEN  # whoever looks first begins anew
    return hindrance_to(row, mine, around)


def is_free(row: Row, now: datetime) -> bool:
    """Whether a worker may take it: due, unsettled, in nobody's hands, and its turn has come."""
    held = row.lease_until is not None and row.lease_until > now
    if not has_turn(row) and not is_left_behind(row, now):
        return False
    return is_open(row) and row.handed_over_at is None and row.next_at <= now and not held


def has_turn(row: Row) -> bool:
    """Whether nothing stands before it in its thread that the public does not see yet."""
    return row.former in (None, S.SENT)


def is_left_behind(row: Row, now: datetime) -> bool:
    """Whether its turn never comes: what stands before it ended unseen, and time is over.

    While that is only unsure this one waits too: where it is seen late after all, a thread is
    half out, and a person must hear of it from this one.
    """
    return row.former in (S.DECLINED, S.LATE) and is_over(row, now)


def may_go_on(row: Row, now: datetime) -> bool:
    """Whether a person may have it tried again: the network said no, and it is not too late."""
    return row.state == S.DECLINED and not is_over(row, now)


def anew(now: datetime) -> dict[str, Any]:
    """What going on changes: it is promised from now on, and whoever was told need not be."""
    return {
        "due_at": now, "next_at": now, "lease_until": None, "handed_over_at": None,
        "raised_at": None, "tell_at": None,
    }  # fmt: skip


def held_since(row: Row) -> datetime:
    """When whoever holds it last took it in hand: the lease says so."""
    return (row.lease_until or row.next_at) - LEASE


def is_open(row: Row) -> bool:
    return row.state in (S.WAITING, S.SENDING, S.UNSURE)


def is_overdue(row: Row, now: datetime) -> bool:
    """Whether a person must be told that it is late, before the promised time is over."""
    within = TOLD_WITHIN[row.urgent] - SWEEP_EVERY - SLACK
    return is_open(row) and row.raised_at is None and has_turn(row) and now >= row.due_at + within


def claimed(row: Row, now: datetime) -> dict[str, Any]:
    """What a claim changes. The higher epoch fences off whoever held it before."""
    return {"epoch": row.epoch + 1, "lease_until": now + LEASE}


def intent(row: Row, now: datetime) -> dict[str, Any]:
    """What is on disk before the first byte leaves."""
    return {
        "attempt": row.attempt + 1,
        "first_tried_at": row.first_tried_at or now,
        "last_tried_at": now,
        "lease_until": now + LEASE,
    }


def outcome(note: Note, row: Row, now: datetime) -> dict[str, Any]:
    """What an outcome changes. Whatever ends badly is raised in the same breath."""
    changes: dict[str, Any] = {"lease_until": None, "why": note.why[:300]}
    if note.next_at:
        changes["next_at"] = note.next_at
    if note.receipt:
        changes |= {"network_id": note.receipt.network_id, "url": note.receipt.url}
    if note.verb == "hand_over":
        changes["handed_over_at"] = now
    if note.verb in ("decline", "pass_by", "hand_over"):
        changes |= raised(row, now)
    if note.verb == "see":
        changes |= {"seen_at": now, "handed_over_at": None, "raised_at": None, "tell_at": None}
    return changes


def raised(row: Row, now: datetime) -> dict[str, Any]:
    """Tell a person, from now on, until one takes it: also one who took less bad news.

    What only waited behind another part of its thread is told of with that one.
    """
    return {
        "raised_at": row.raised_at or now, "tell_at": now if has_turn(row) else None,
        "acknowledged_at": None, "acknowledged_by": None,
    }  # fmt: skip


# Of whom a late part was told, and who took it: when it is seen, the part behind it is late.
PASSED_ON = ("raised_at", "tell_at")


def noted(note: Note, row: Row, now: datetime) -> Row:
    """The row after an outcome: what the database would hold."""
    state = row.state if note.verb == "wait" else DELIVERY.after(note.verb, row.state)
    if state is None:
        raise ValueError(f"{note.verb} does not start from {row.state}")
    changes = {k: v for k, v in outcome(note, row, now).items() if k in Row.__slots__}
    return replace(row, state=state, **changes)


def pause(row: Row, now: datetime) -> datetime:
    """When to look or ask again: after 2 s, then more rarely; never past a look that decides."""
    since = now - row.last_tried_at if row.last_tried_at else PAUSE
    later = now + min(max(PAUSE * (1 << min(max(row.attempt - 1, 0), 8)), since / 2), LONGEST_PAUSE)
    deciding = [last_look(row)]
    if row.last_tried_at:
        deciding.append(row.last_tried_at + IN_FLIGHT)
    return min([later, *(max(at, now + PAUSE) for at in deciding if at > now)])


def last_look(row: Row) -> datetime:
    """Just past its time: there it is let go, and a person told, without delay."""
    return row.not_after + timedelta(seconds=1)
