"""The workflow of an alarm: something on one of our accounts that this desk did not do."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import Workflow, step


class State(StrEnum):
    OPEN = "open"
    EXPLAINED = "explained"  # one of us did it, elsewhere, and says why
    DISOWNED = "disowned"  # it was not us


S = State
APPROVER = "approver"

ALARM: Workflow[State] = Workflow(
    first=S.OPEN,
    transitions={
        "explain": step(S.OPEN, to=S.EXPLAINED, role=APPROVER),
        "disown": step(S.OPEN, to=S.DISOWNED, role=APPROVER),
        "reopen": step(S.EXPLAINED, S.DISOWNED, to=S.OPEN, role=APPROVER),
    },
)


class Case(StrEnum):
    """Where we are with an account whose name could pass for one of ours."""

    FOUND = "found"
    LOOKED = "looked at"  # a person has it in hand
    HARMLESS = "harmless"  # not ours, and pretends nothing
    REPORTED = "reported"  # not ours, and its network was asked to take it down
    GONE = "gone"
    KEPT = "kept"  # the network refused


C = Case

IMPOSTOR: Workflow[Case] = Workflow(
    first=C.FOUND,
    transitions={
        "look_into": step(C.FOUND, to=C.LOOKED, role=APPROVER),
        "find_harmless": step(C.LOOKED, to=C.HARMLESS, role=APPROVER),
        "report": step(C.LOOKED, C.KEPT, to=C.REPORTED, role=APPROVER),
        "note_gone": step(C.LOOKED, C.REPORTED, C.KEPT, to=C.GONE, role=APPROVER),
        "note_refusal": step(C.REPORTED, to=C.KEPT, role=APPROVER),
        "take_up_again": step(C.HARMLESS, C.GONE, C.KEPT, to=C.LOOKED, role=APPROVER),
    },
)
# What the public reads: a person has decided that it is not us.
NOT_OURS = frozenset({C.REPORTED, C.KEPT, C.GONE})
