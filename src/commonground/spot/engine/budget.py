"""From a budget of false alarms to a threshold, by what the agency's own background does.

Everything that stirs a little is remembered with how high it rose. How often such a thing
rises beyond a level falls off about exponentially; from that fall the level is solved that
background will pass no more often than the budget allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

DAY = 86_400.0
MEMORY = 28 * DAY
# What is taken to be known before anything was heard: how often something stirs. Weighs as
# much as half a day with two stirrings, so that the agency's own background outweighs it soon.
PRIOR_A_DAY = 4.0
PRIOR_DAYS = 0.5
PRIOR_SCALE = 1.8
PRIOR_WEIGHT = 1.0  # and how steeply heights fall, as one stirring: that shows soonest
# From so many on the upper half is looked at alone: it is the tail that raises false alarms.
ENOUGH = 20
# The highest tenth may hold real events. They count as "at least so high" and no more, so
# that yesterday's riot does not teach that riots are normal.
CENSORED_SHARE = 0.1


@dataclass(slots=True)
class Background:
    """The heights of what stirred and was not an event. `floor`: what is not worth remembering.

    Times in seconds of UTC; heights in the detector's own units of evidence.
    """

    floor: float
    scale: float = PRIOR_SCALE
    stirred: list[tuple[float, float]] = field(default_factory=list)  # when, how high
    began_at: float = 0.0
    now: float = 0.0

    def pass_by(self, now: float) -> None:
        self.began_at = max(self.began_at or now, now - MEMORY)
        self.now = max(self.now, now)

    def note(self, at: float, height: float) -> None:
        """Remember how high something rose, once it has come to rest."""
        if height >= self.floor:
            self.stirred.append((at, height))
            self.stirred = [s for s in self.stirred if s[0] >= at - MEMORY]

    @property
    def listened(self) -> float:
        """Seconds it has been listened to."""
        return max(0.0, self.now - self.began_at)

    def go_on(
        self, listened: float, until: float, stirred: Sequence[tuple[float, float]], now: float
    ) -> None:
        """Take up what was learnt before a pause: nothing was heard while nobody listened.

        Hours too long ago go with the heights of them, else they would seem to have been quiet:
        after a recording of years ago nothing is known.
        """
        lately = MEMORY - max(0.0, now - until)
        self.began_at, self.now = now - max(0.0, min(listened, lately)), now
        self.stirred = [(at, height) for at, height in stirred if at >= now - MEMORY]

    @property
    def days(self) -> float:
        return self.listened / DAY

    def threshold(self, alarms_per_day: float) -> float:
        """The height background passes `alarms_per_day` times a day; never below the floor.

        The mean excess over a level is the scale of the fall above it ("peaks over
        threshold", Davison and Smith 1990, with an exponential tail).
        """
        heights = sorted(height for _, height in self.stirred)
        level = heights[len(heights) // 2] if len(heights) >= ENOUGH else self.floor
        over = [height - level for height in heights if height >= level]
        often = (len(over) + PRIOR_A_DAY * PRIOR_DAYS) / (self.days + PRIOR_DAYS)
        return max(level, level + self.fall(over) * log(often / alarms_per_day))

    def fall(self, over: Sequence[float]) -> float:
        """The mean of these excesses, in order, the highest tenth censored, the prior added."""
        known = over[: len(over) - int(CENSORED_SHARE * len(over))]
        total = sum(known) + (len(over) - len(known)) * (known[-1] if known else 0.0)
        return (total + PRIOR_WEIGHT * self.scale) / (len(known) + PRIOR_WEIGHT)
