"""What the clock does for TRAIN: drills go on and are heard; recordings are forgotten."""

from __future__ import annotations

from commonground.kit.clock import database_now, every, on_its_own
from commonground.train.actions import forget_recordings, go_on, hear_on, let_go_of_ears
from commonground.train.models import Drill, Hearing
from commonground.train.states import State


@every(seconds=1)
def go_on_with_drills() -> None:
    for drill in Drill.objects.running().select_related("agency"):
        with on_its_own(drill.agency.language):
            go_on(drill, database_now())


@every(seconds=1)
def hear_in_drills() -> None:
    """Beside the drill's own clock: learning what is usual takes a moment, and it must not wait."""
    running = Hearing.objects.filter(drill__state=State.RUNNING)
    for hearing in running.select_related("drill__agency", "drill__channel", "recording"):
        with on_its_own(hearing.drill.agency.language):
            hear_on(hearing, database_now())
    let_go_of_ears()


@every(seconds=600)
def delete_due_recordings() -> None:
    """A week is a promise on the page."""
    forget_recordings()
