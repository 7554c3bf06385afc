"""The workflow of a mistake in the news: from a figure that differs to a correction in print."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import Workflow, step


class MistakeState(StrEnum):
    SUSPECTED = "suspected"  # the desk saw another figure; nobody has looked yet
    CONFIRMED = "confirmed"  # a person says that it is wrong
    CLEARED = "cleared"  # it is not: it spoke of something else, or the outlet was right
    ASKED = "asked"  # the outlet was asked to put it right
    CORRECTED = "corrected"
    REFUSED = "refused"  # the outlet said no, or never answered


M = MistakeState
AUTHOR = "author"

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
