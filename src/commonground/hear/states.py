"""The workflow of a topic."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import Workflow, step


class TopicState(StrEnum):
    PROPOSED = "proposed"
    LIVE = "live"
    ENDED = "ended"


S = TopicState

WORKFLOW: Workflow[TopicState] = Workflow(
    first=S.PROPOSED,
    transitions={
        "approve": step(S.PROPOSED, to=S.LIVE, role="approver"),
        "end": step(S.PROPOSED, S.LIVE, to=S.ENDED, role="admin"),
    },
)
