"""What changes when somebody learns, when a drill is held, and when an agency to practise in is
founded."""

from commonground.train.actions.drills import (
    begin_drill,
    end,
    go_on,
    inject,
    pause,
    resume,
    run_out,
    set_speed,
)
from commonground.train.actions.founding import found_agency
from commonground.train.actions.learning import begin, certify, hand_in, read

__all__ = [
    "begin", "begin_drill", "certify", "end", "found_agency", "go_on", "hand_in", "inject", "pause",
    "read", "resume", "run_out", "set_speed",
]  # fmt: skip
