"""The workflow of a topic."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import Workflow, step


class TopicState(StrEnum):
    PROPOSED = "proposed"
    LIVE = "live"
    DECLINED = "declined"  # an approver said no, and why
    ENDED = "ended"


S = TopicState

WORKFLOW: Workflow[TopicState] = Workflow(
    first=S.PROPOSED,
    transitions={
        "approve": step(S.PROPOSED, to=S.LIVE, role="approver"),
        "turn_down": step(S.PROPOSED, to=S.DECLINED, role="approver"),
        "end": step(S.PROPOSED, S.LIVE, to=S.ENDED, role="admin"),
        "expire": step(S.LIVE, to=S.ENDED),
    },
)
