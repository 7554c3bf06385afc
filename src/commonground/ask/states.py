"""The workflows of a question, of a statement in it, and of a statement's translation."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import DESK, Workflow, step

AUTHOR, APPROVER = "author", "approver"


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"  # from its opening time on, anybody may vote
    PAUSED = "paused"  # nobody may vote; what was voted is kept
    CLOSED = "closed"
    PUBLISHED = "published"  # with what was decided, and what was not, and why


S = State

WORKFLOW: Workflow[State] = Workflow(
    first=S.DRAFT,
    transitions={
        # Stopping is easy, starting is hard: opening takes a second person, pausing does not.
        "open": step(S.DRAFT, to=S.OPEN, role=APPROVER),
        "pause": step(S.OPEN, to=S.PAUSED, role=AUTHOR),
        "resume": step(S.PAUSED, to=S.OPEN, role=APPROVER),
        "close": step(S.OPEN, S.PAUSED, to=S.CLOSED, role=APPROVER),
        "end": step(S.OPEN, S.PAUSED, to=S.CLOSED, role=DESK),  # its closing time came
        "publish": step(S.CLOSED, to=S.PUBLISHED, role=APPROVER),
    },
)


class StatementState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"  # with a reason from a short list
    MERGED = "merged"  # another statement says the same


T = StatementState

STATEMENT: Workflow[StatementState] = Workflow(
    first=T.WAITING,
    transitions={
        "accept": step(T.WAITING, to=T.ACCEPTED, role=AUTHOR),
        "refuse": step(T.WAITING, T.ACCEPTED, to=T.REFUSED, role=AUTHOR),
        "merge": step(T.WAITING, T.ACCEPTED, to=T.MERGED, role=AUTHOR),
        "reopen": step(T.REFUSED, T.MERGED, to=T.WAITING, role=AUTHOR),
    },
)


class TranslationState(StrEnum):
    PROPOSED = "proposed"  # by a person or a machine; the public does not see it
    CHECKED = "checked"  # by a person who did not write it


TRANSLATION: Workflow[TranslationState] = Workflow(
    first=TranslationState.PROPOSED,
    transitions={
        "vouch": step(TranslationState.PROPOSED, to=TranslationState.CHECKED, role=AUTHOR),
    },
)
