"""The workflow of a moment: open until a person, or the clock, closes it with a result."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import DESK, Workflow, step


class State(StrEnum):
    OPEN = "open"
    ACTED = "acted"  # we said something useful
    PASSED = "passed"  # a person decided it is not ours, with a reason
    MERGED = "merged"  # it was another moment seen twice
    MISSED = "missed"  # the clock ran out in silence


S = State
AUTHOR = "author"

WORKFLOW: Workflow[State] = Workflow(
    first=S.OPEN,
    transitions={
        "act": step(S.OPEN, to=S.ACTED, role=AUTHOR),
        "dismiss": step(S.OPEN, to=S.PASSED, role=AUTHOR),
        "merge": step(S.OPEN, to=S.MERGED, role=AUTHOR),
        "reopen": step(S.PASSED, S.ACTED, to=S.OPEN, role=AUTHOR),
        "miss": step(S.OPEN, to=S.MISSED, role=DESK),
    },
)
