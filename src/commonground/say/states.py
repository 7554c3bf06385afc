"""The workflows of a post and of each of its deliveries. These tables are the rule."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import DESK, Workflow, step


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    HELD = "held"  # approved, but it waits until a person lets it go
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"  # seen: read back from the network
    DECLINED = "declined"
    UNSURE = "unsure"  # we asked and never heard; looking
    LATE = "late"  # its time passed, so it was not sent


S = State
D = DeliveryState
AUTHOR = "author"
APPROVER = "approver"

WORKFLOW: Workflow[State] = Workflow(
    first=S.DRAFT,
    transitions={
        "submit": step(S.DRAFT, to=S.IN_REVIEW, role=AUTHOR),
        "recall": step(S.IN_REVIEW, to=S.DRAFT, role=AUTHOR),
        "send_back": step(S.IN_REVIEW, S.APPROVED, S.SCHEDULED, S.HELD, to=S.DRAFT, role=APPROVER),
        "reject": step(S.IN_REVIEW, to=S.WITHDRAWN, role=APPROVER),
        "approve": step(S.IN_REVIEW, to=S.APPROVED, role=APPROVER),
        # People are in danger and nobody can read it in time: alone, and looked at afterwards.
        "break_glass": step(S.DRAFT, S.IN_REVIEW, to=S.APPROVED, role=AUTHOR),
        # Stopping is easy, so approvers may hold as well; letting go takes a second person.
        "hold": step(S.APPROVED, S.SCHEDULED, to=S.HELD, role=AUTHOR),
        # More goes out in one name than people say: perhaps it is not theirs.
        "brake": step(S.APPROVED, S.SCHEDULED, to=S.HELD, role=DESK),
        "release": step(S.HELD, to=S.APPROVED, role=APPROVER),
        "schedule": step(S.APPROVED, to=S.SCHEDULED, role=DESK),
        "start": step(S.APPROVED, S.SCHEDULED, to=S.PUBLISHING, role=DESK),
        "finish": step(S.PUBLISHING, to=S.PUBLISHED, role=DESK),
        "fail": step(S.PUBLISHING, to=S.FAILED, role=DESK),
        "lapse": step(S.APPROVED, S.SCHEDULED, S.HELD, to=S.FAILED, role=DESK),
        "retry": step(S.FAILED, to=S.DRAFT, role=AUTHOR),
        "drop": step(S.DRAFT, to=S.WITHDRAWN, role=AUTHOR),
        "withdraw": step(
            *(S.APPROVED, S.SCHEDULED, S.HELD, S.PUBLISHING, S.PUBLISHED, S.FAILED),
            to=S.WITHDRAWN,
            role=APPROVER,
        ),
    },
)

# Sent and late are ends, and so is declined, unless the rest of a thread waits. Unsure is not:
# it leaves only after looking, or when a person who looked says so.
DELIVERY: Workflow[DeliveryState] = Workflow(
    first=D.WAITING,
    transitions={
        "attempt": step(D.WAITING, D.SENDING, D.UNSURE, to=D.SENDING),
        "put_back": step(D.SENDING, to=D.WAITING),
        "lose_sight": step(D.SENDING, D.UNSURE, to=D.UNSURE),
        "see": step(D.SENDING, D.UNSURE, to=D.SENT),
        "decline": step(D.WAITING, D.SENDING, to=D.DECLINED),
        "pass_by": step(D.WAITING, D.SENDING, D.UNSURE, to=D.LATE),
        "hand_over": step(D.SENDING, D.UNSURE, to=D.UNSURE),
        "confirm": step(D.UNSURE, to=D.SENT, role=APPROVER),
        "rule_out": step(D.UNSURE, to=D.DECLINED, role=APPROVER),
        # A part of a thread that the network refused, and for which the rest of it waits.
        "go_on": step(D.DECLINED, to=D.WAITING, role=APPROVER),
    },
)
