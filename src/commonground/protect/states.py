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
