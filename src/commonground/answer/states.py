"""The workflow of a conversation. This table is the rule.

Who has it is another question, and stands beside it: a conversation that somebody has is still
open until it was answered.
"""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import Workflow, step


class State(StrEnum):
    OPEN = "open"  # it needs one of us
    WAITING = "waiting"  # answered, or put off: it comes back by itself
    DONE = "done"


S = State
AUTHOR = "author"

WORKFLOW: Workflow[State] = Workflow(
    first=S.OPEN,
    transitions={
        "snooze": step(S.OPEN, S.WAITING, to=S.WAITING, role=AUTHOR),
        "reply": step(S.OPEN, S.WAITING, S.DONE, to=S.WAITING, role=AUTHOR),
        "close": step(S.OPEN, S.WAITING, to=S.DONE, role=AUTHOR),
        "reopen": step(S.WAITING, S.DONE, to=S.OPEN, role=AUTHOR),
        # They wrote again, the time has come, or our answer did not go out.
        "wake": step(S.WAITING, S.DONE, to=S.OPEN),
    },
)
