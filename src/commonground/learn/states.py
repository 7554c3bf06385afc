"""The workflows of a mistake in the news, from a figure that differs to a correction in print; of a
round of the pulse; and of an experiment."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import DESK, Workflow, step

AUTHOR, APPROVER = "author", "approver"


class MistakeState(StrEnum):
    SUSPECTED = "suspected"  # the desk saw another figure; nobody has looked yet
    CONFIRMED = "confirmed"  # a person says that it is wrong
    CLEARED = "cleared"  # it is not: it spoke of something else, or the outlet was right
    ASKED = "asked"  # the outlet was asked to put it right
    CORRECTED = "corrected"
    REFUSED = "refused"  # the outlet said no, or never answered


M = MistakeState

MISTAKE: Workflow[MistakeState] = Workflow(
    first=M.SUSPECTED,
    transitions={
        "confirm_mistake": step(M.SUSPECTED, to=M.CONFIRMED, role=AUTHOR),
        "clear_outlet": step(M.SUSPECTED, M.CONFIRMED, M.ASKED, to=M.CLEARED, role=AUTHOR),
        # Asked again is asked: the newest asking has the due day.
        "ask_outlet": step(M.CONFIRMED, M.ASKED, M.REFUSED, to=M.ASKED, role=AUTHOR),
        "note_correction": step(M.CONFIRMED, M.ASKED, M.REFUSED, to=M.CORRECTED, role=AUTHOR),
        "note_no_correction": step(M.ASKED, to=M.REFUSED, role=AUTHOR),
        "take_up_mistake": step(M.CLEARED, M.CORRECTED, to=M.CONFIRMED, role=AUTHOR),
    },
)


class PulseState(StrEnum):
    DRAFT = "draft"
    DROPPED = "dropped"  # put away before anybody was asked
    OPEN = "open"
    CLOSED = "closed"  # nobody answers any more; nothing is counted yet
    COUNTED = "counted"  # once, and under a seal of the record


P = PulseState

PULSE: Workflow[PulseState] = Workflow(
    first=P.DRAFT,
    transitions={
        "open": step(P.DRAFT, to=P.OPEN, role=APPROVER),
        "drop": step(P.DRAFT, to=P.DROPPED, role=AUTHOR),
        "take_up": step(P.DROPPED, to=P.DRAFT, role=AUTHOR),
        "close": step(P.OPEN, to=P.CLOSED, role=APPROVER),
        "end": step(P.OPEN, to=P.CLOSED, role=DESK),  # its closing time came
        "count": step(P.CLOSED, to=P.COUNTED, role=DESK),
    },
)


class ExperimentState(StrEnum):
    DRAFT = "draft"
    DROPPED = "dropped"  # put away before it was registered: nothing had been promised
    RUNNING = "running"  # its plan is on the record, and chance has said who gets which way
    CONCLUDED = "concluded"
    CALLED_OFF = "called_off"  # before its end; it is shown all the same


E = ExperimentState
UNREGISTERED = (E.DRAFT, E.DROPPED)  # nothing of it is on the record, and nobody may see it

EXPERIMENT: Workflow[ExperimentState] = Workflow(
    first=E.DRAFT,
    transitions={
        "preregister": step(E.DRAFT, to=E.RUNNING, role=APPROVER),
        "drop": step(E.DRAFT, to=E.DROPPED, role=AUTHOR),
        "take_up": step(E.DROPPED, to=E.DRAFT, role=AUTHOR),
        "conclude": step(E.RUNNING, to=E.CONCLUDED, role=AUTHOR),
        "call_off": step(E.RUNNING, to=E.CALLED_OFF, role=AUTHOR),
    },
)
