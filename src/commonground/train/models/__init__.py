"""Who read which lesson, what they answered; and drills: who is in them, and what happened."""

from commonground.train.models.drills import Drill, Happening, Seat, What
from commonground.train.models.first import FirstRun
from commonground.train.models.hearing import Hearing, Recording
from commonground.train.models.learning import BadgeKey, Reading, Sitting

__all__ = [
    "BadgeKey", "Drill", "FirstRun", "Happening", "Hearing", "Reading", "Recording", "Seat",
    "Sitting", "What",
]  # fmt: skip
