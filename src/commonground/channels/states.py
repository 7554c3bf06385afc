"""The workflow of a channel."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import DESK, Workflow, step


class State(StrEnum):
    NEW = "new"
    READY = "ready"
    SIGN_IN = "sign_in_needed"
    PAUSED = "paused"
    CLOSED = "closed"


S = State
ADMIN = "admin"

WORKFLOW: Workflow[State] = Workflow(
    first=S.NEW,
    transitions={
        "prove": step(S.NEW, S.SIGN_IN, to=S.READY, role=DESK),
        "lose": step(S.NEW, S.READY, to=S.SIGN_IN, role=DESK),
        "pause": step(S.READY, S.SIGN_IN, to=S.PAUSED, role=ADMIN),
        "resume": step(S.PAUSED, to=S.READY, role=ADMIN),
        "close": step(S.NEW, S.READY, S.SIGN_IN, S.PAUSED, to=S.CLOSED, role=ADMIN),
    },
)
