"""The workflow of a drill. This table is the rule."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import Workflow, step


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"


S = State
TRAINER = "trainer"

WORKFLOW: Workflow[State] = Workflow(
    first=S.RUNNING,
    transitions={
        "pause": step(S.RUNNING, to=S.PAUSED, role=TRAINER),
        "resume": step(S.PAUSED, to=S.RUNNING, role=TRAINER),
        "end": step(S.RUNNING, S.PAUSED, to=S.OVER, role=TRAINER),
        # Its last minute has passed.
        "run_out": step(S.RUNNING, to=S.OVER),
    },
)
