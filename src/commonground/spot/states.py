"""The workflows of a moment, of a rumour told while it runs, and of an agency that shares it.

A moment is open until a person, or the clock, closes it with a result.
"""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import DESK, Workflow, step


class State(StrEnum):
    OPEN = "open"
    ACTED = "acted"  # we said something useful
    JOINED = "joined"  # another service answers, and we pointed to it
    PASSED = "passed"  # a person decided it is not ours, with a reason
    MERGED = "merged"  # it was another moment seen twice
    MISSED = "missed"  # the clock ran out in silence


S = State
AUTHOR = "author"

WORKFLOW: Workflow[State] = Workflow(
    first=S.OPEN,
    transitions={
        "act": step(S.OPEN, to=S.ACTED, role=AUTHOR),
        "join": step(S.OPEN, to=S.JOINED, role=AUTHOR),
        "dismiss": step(S.OPEN, to=S.PASSED, role=AUTHOR),
        "merge": step(S.OPEN, to=S.MERGED, role=AUTHOR),
        "reopen": step(S.PASSED, S.ACTED, S.JOINED, S.MISSED, to=S.OPEN, role=AUTHOR),
        "settle": step(S.OPEN, to=S.ACTED, role=DESK),  # its clock ran out, and we had spoken
        "miss": step(S.OPEN, to=S.MISSED, role=DESK),
    },
)


class RumourState(StrEnum):
    HEARD = "heard"  # somebody says so, and nobody here has looked yet
    CHECKING = "checking"
    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"  # we looked, and cannot know


R = RumourState

RUMOUR: Workflow[RumourState] = Workflow(
    first=R.HEARD,
    transitions={
        "check": step(R.HEARD, R.TRUE, R.FALSE, R.UNKNOWN, to=R.CHECKING, role=AUTHOR),
        "find_true": step(R.CHECKING, to=R.TRUE, role=AUTHOR),
        "find_false": step(R.CHECKING, to=R.FALSE, role=AUTHOR),
        "leave_open": step(R.CHECKING, to=R.UNKNOWN, role=AUTHOR),
    },
)


class PartnerState(StrEnum):
    """Where another agency stands at the joint desk of a moment."""

    INVITED = "invited"
    STANDING = "standing"  # both see what is shared
    DECLINED = "declined"
    CALLED_OFF = "called_off"  # by whoever had invited
    ENDED = "ended"  # by either side, or with the moment


P = PartnerState
APPROVER = "approver"

PARTNER: Workflow[PartnerState] = Workflow(
    first=P.INVITED,
    transitions={
        "accept": step(P.INVITED, to=P.STANDING, role=APPROVER),
        "turn_down": step(P.INVITED, to=P.DECLINED, role=APPROVER),
        "call_off": step(P.INVITED, to=P.CALLED_OFF, role=APPROVER),
        # To stop sharing is easy, for either side; to begin takes an approver of each.
        "end_sharing": step(P.STANDING, to=P.ENDED, role=AUTHOR),
        "end_with_moment": step(P.INVITED, P.STANDING, to=P.ENDED, role=DESK),  # the moment is over
    },
)
