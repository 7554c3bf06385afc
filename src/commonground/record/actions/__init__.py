"""The only ways to write to the record."""

from commonground.record.actions.checking import verify
from commonground.record.actions.growing import grow
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
    "grow",
    "publish",
    "reconcile",
    "verify",
    "witness",
]
