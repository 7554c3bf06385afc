"""What the clock does for TRAIN: drills that run go on, each second."""

from __future__ import annotations

from commonground.kit.clock import database_now, every, on_its_own
from commonground.train.actions.drills import go_on
from commonground.train.models import Drill


@every(seconds=1)
def go_on_with_drills() -> None:
    for drill in Drill.objects.running().select_related("agency"):
        with on_its_own(drill.agency.language):
            go_on(drill, database_now())
