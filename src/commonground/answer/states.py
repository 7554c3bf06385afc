"""The workflows of ANSWER: of a conversation, of a measure against what somebody wrote, of their
appeal, of the policy both rest on, of what came of what people said, of an hour in which people
ask us. These tables are the rule.

Who has a conversation is another question, and stands beside it: one that somebody has is still
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
AUTHOR, APPROVER, ADMIN = "author", "approver", "admin"

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


class PolicyState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    DROPPED = "dropped"  # never in force
    REPLACED = "replaced"  # what was done under it stays under it


P = PolicyState
POLICY: Workflow[PolicyState] = Workflow(
    first=P.PROPOSED,
    transitions={
        "publish": step(P.PROPOSED, to=P.IN_FORCE, role=APPROVER),
        "drop": step(P.PROPOSED, to=P.DROPPED, role=ADMIN),
        "supersede": step(P.IN_FORCE, to=P.REPLACED),
    },
)


class MeasureState(StrEnum):
    ASKED = "asked"  # one person wants it; nothing was done
    IN_FORCE = "in_force"
    TURNED_DOWN = "turned_down"
    RECALLED = "recalled"  # whoever asked thought again
    OVER = "over"  # at its end, or before
    RESTORED = "restored"  # it was wrong, and an appeal said so


M = MeasureState
MEASURE: Workflow[MeasureState] = Workflow(
    first=M.ASKED,
    transitions={
        "allow": step(M.ASKED, to=M.IN_FORCE, role=APPROVER),
        "turn_down": step(M.ASKED, to=M.TURNED_DOWN, role=APPROVER),
        "recall": step(M.ASKED, to=M.RECALLED, role=AUTHOR),
        # Taking a measure back needs nobody's leave.
        "end": step(M.IN_FORCE, to=M.OVER, role=AUTHOR),
        "expire": step(M.IN_FORCE, to=M.OVER),
        "restore": step(M.IN_FORCE, to=M.RESTORED),
    },
)


class AppealState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    UPHELD = "upheld"  # the measure was right, and stays


A = AppealState
APPEAL: Workflow[AppealState] = Workflow(
    first=A.OPEN,
    transitions={
        "grant": step(A.OPEN, to=A.GRANTED, role=APPROVER),
        "uphold": step(A.OPEN, to=A.UPHELD, role=APPROVER),
    },
)


class DeedState(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    DROPPED = "dropped"  # never published
    TAKEN_BACK = "taken_back"  # that it was said stays visible, with the reason


D = DeedState
DEED: Workflow[DeedState] = Workflow(
    first=D.PROPOSED,
    transitions={
        "announce": step(D.PROPOSED, to=D.PUBLISHED, role=APPROVER),
        "give_up": step(D.PROPOSED, to=D.DROPPED, role=AUTHOR),
        "retract": step(D.PUBLISHED, to=D.TAKEN_BACK, role=AUTHOR),
    },
)


class HourState(StrEnum):
    PROPOSED = "proposed"  # one person wrote it; nobody else sees it
    ANNOUNCED = "announced"  # before, during, and until what was asked is settled
    OVER = "over"  # its transcript stands
    CALLED_OFF = "called_off"  # that it was announced stays visible, with the reason
    SHELVED = "shelved"  # never announced


H = HourState
HOUR: Workflow[HourState] = Workflow(
    first=H.PROPOSED,
    transitions={
        "convene": step(H.PROPOSED, to=H.ANNOUNCED, role=APPROVER),
        "shelve": step(H.PROPOSED, to=H.SHELVED, role=AUTHOR),
        "call_off": step(H.ANNOUNCED, to=H.CALLED_OFF, role=AUTHOR),
        "wind_up": step(H.ANNOUNCED, to=H.OVER, role=AUTHOR),
    },
)
