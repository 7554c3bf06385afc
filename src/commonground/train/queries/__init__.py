"""What is read about courses, and about the scenarios that come with the desk."""

from commonground.train.queries.courses import (
    course_named,
    course_names,
    courses,
    lessons_read,
    to_certify,
)
from commonground.train.queries.drills import (
    FIRST_DRILL,
    crowd_of,
    drill_names,
    plan_named,
    plans,
)
from commonground.train.queries.playing import (
    Shown,
    desk_for_drills,
    first_run_of,
    scored,
    story_of,
    time_line,
)
from commonground.train.queries.real import Real, real_now
from commonground.train.queries.scenarios import (
    SCENARIOS,
    desks_of,
    folder_of,
    scenario_in,
    scenario_named,
    scenario_names,
)

__all__ = [
    "FIRST_DRILL", "SCENARIOS", "Real", "Shown", "course_named", "course_names", "courses",
    "crowd_of", "desk_for_drills", "desks_of", "drill_names", "first_run_of", "folder_of",
    "lessons_read", "plan_named", "plans", "real_now", "scenario_in", "scenario_named",
    "scenario_names", "scored", "story_of", "time_line", "to_certify",
]  # fmt: skip
