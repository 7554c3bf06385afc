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
from commonground.train.actions.first import begin_first_drill, finish_first_drill
from commonground.train.actions.founding import found_agency
from commonground.train.actions.hearing import hear_on, let_go_of_ears
from commonground.train.actions.learning import begin, certify, hand_in, read
from commonground.train.actions.recordings import (
    add_recording,
    forget_recordings,
    remove_recording,
)

__all__ = [
    "add_recording", "begin", "begin_drill", "begin_first_drill", "certify", "end",
    "finish_first_drill", "forget_recordings", "found_agency", "go_on", "hand_in", "hear_on",
    "inject", "let_go_of_ears", "pause", "read", "remove_recording", "resume", "run_out",
    "set_speed",
]  # fmt: skip
