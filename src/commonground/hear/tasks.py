"""What the clock does in HEAR: forget."""

from __future__ import annotations

from commonground.hear import actions
from commonground.kit.clock import every


@every(60)
def delete_due_overheard() -> None:
    """The deletion time on the page is a promise: it is kept to the minute."""
    actions.forget_overheard()
