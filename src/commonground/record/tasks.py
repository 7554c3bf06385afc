"""What the clock does for RECORD: shows the public where the log stands."""

from __future__ import annotations

from commonground.kit.clock import every
from commonground.record.actions import ask_witnesses, publish
from commonground.record.engine.acts import STEP
from commonground.record.models import Head


@every(seconds=STEP.total_seconds())
def show_where_it_stands() -> None:
    if shown := publish():
        ask_witnesses(shown)


@every(seconds=1)
def show_at_once() -> None:
    """What the public just saw must be in a checkpoint before anybody can wish it were not."""
    if Head.objects.filter(asked=True, stopped="").exists():
        show_where_it_stands()
