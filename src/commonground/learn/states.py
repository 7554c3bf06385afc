"""The workflows of a round of the pulse, and of an experiment."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import DESK, Workflow, step

AUTHOR, APPROVER = "author", "approver"


class PulseState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"  # nobody answers any more; nothing is counted yet
    COUNTED = "counted"  # once, and under a seal of the record


P = PulseState

PULSE: Workflow[PulseState] = Workflow(
    first=P.DRAFT,
    transitions={
        "open": step(P.DRAFT, to=P.OPEN, role=APPROVER),
        "close": step(P.OPEN, to=P.CLOSED, role=APPROVER),
        "end": step(P.OPEN, to=P.CLOSED, role=DESK),  # its closing time came
        "count": step(P.CLOSED, to=P.COUNTED, role=DESK),
    },
)


class ExperimentState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"  # its plan is on the record, and chance has said who gets which way
    CONCLUDED = "concluded"
    CALLED_OFF = "called_off"  # before its end; it is shown all the same


E = ExperimentState

EXPERIMENT: Workflow[ExperimentState] = Workflow(
    first=E.DRAFT,
    transitions={
        "preregister": step(E.DRAFT, to=E.RUNNING, role=APPROVER),
        "conclude": step(E.RUNNING, to=E.CONCLUDED, role=AUTHOR),
        "call_off": step(E.RUNNING, to=E.CALLED_OFF, role=AUTHOR),
    },
)
