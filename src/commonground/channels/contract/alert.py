"""A public alert in the terms of CAP 1.2 (OASIS): what happened, how bad, where, until when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# The words of the standard, as they stand in the document that machines read.
CATEGORIES = (
    "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "Met", "Geo",
    "CBRNE", "Other",
)  # fmt: skip
RESPONSES = (
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "AllClear", "None"
)  # fmt: skip
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
LONGEST_HOURS = 72  # an alert that is true for longer is said again, or corrected
CIRCLE = re.compile(r"(-?\d{1,2}(?:\.\d+)?), ?(-?\d{1,3}(?:\.\d+)?) (\d{1,4}(?:\.\d+)?)", re.ASCII)
# Signs that show nothing: an event of these alone would be none.
UNSEEN = re.compile(r"[\x00-\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Flaw(StrEnum):
    """What keeps an alert from going out."""

    EVENT = "event"
    AREA = "area"
    CIRCLE = "circle"
    HOURS = "hours"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Alert:
    """What a machine must know beside the words, so that it can warn those who are near."""

    event: str  # "Gas leak", in the language of the words
    area: str  # in words: "Oldquay and the harbour front"
    category: str = "Safety"
    response: str = "Monitor"
    urgency: str = "Immediate"
    severity: str = "Severe"
    certainty: str = "Observed"
    hours: int = 6  # in force from when it is published
    circle: str = ""  # "latitude,longitude kilometres" around which it holds
    instruction: str = ""

    def flaws(self) -> list[Flaw]:
        terms = (
            self.category in CATEGORIES and self.response in RESPONSES
            and self.urgency in URGENCIES and self.severity in SEVERITIES
            and self.certainty in CERTAINTIES
        )  # fmt: skip
        wrong = {
            Flaw.EVENT: not UNSEEN.sub("", self.event).strip(),
            Flaw.AREA: not UNSEEN.sub("", self.area).strip(),
            Flaw.CIRCLE: bool(self.circle) and not is_circle(self.circle),
            Flaw.HOURS: not 1 <= self.hours <= LONGEST_HOURS,
            Flaw.TERM: not terms,
        }
        return [flaw for flaw, is_wrong in wrong.items() if is_wrong]


def is_circle(typed: str) -> bool:
    """Whether this is a place on Earth and so many kilometres around it."""
    found = CIRCLE.fullmatch(typed.strip())
    if not found:
        return False
    latitude, longitude, radius = map(float, found.groups())
    return abs(latitude) <= 90 and abs(longitude) <= 180 and 0 < radius <= 1000
