"""The only ways to write to the record."""

from commonground.record.actions.capturing import capture
from commonground.record.actions.checking import verify
from commonground.record.actions.growing import grow
from commonground.record.actions.inquiries import close, give, let_out, prepare, send_back
from commonground.record.actions.publishing import publish, reconcile
from commonground.record.actions.witnessing import ask_witnesses
from commonground.record.actions.writing import (
    THE_DESK,
    Machine,
    Person,
    advance,
    witness,
)

__all__ = [
    "THE_DESK",
    "Machine",
    "Person",
    "advance",
    "ask_witnesses",
    "capture",
    "close",
    "give",
    "grow",
    "let_out",
    "prepare",
    "publish",
    "reconcile",
    "send_back",
    "verify",
    "witness",
]
