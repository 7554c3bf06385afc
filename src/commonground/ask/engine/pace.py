"""When a picture is drawn anew, and when it is settled."""

from __future__ import annotations

from dataclasses import dataclass

GROWN = 1.01  # one vote in a hundred more: what a reader could see
AT_LEAST = 1.0  # seconds between two settlings
SHARE = 4.0  # for one second of settling, so many of leaving the machine to others
PATIENCE = 10.0  # seconds until votes that are too few to be seen are settled all the same


@dataclass
class Pace:
    """votes: at the last settling, which ended at `at` (seconds) and took `took`."""

    votes: int = 0
    at: float = float("-inf")
    took: float = 0.0

    def due(self, votes: int, now: float) -> bool:
        """Whether it is time to settle: enough has changed, and the machine has had its rest."""
        if votes == self.votes or now - self.at < max(AT_LEAST, SHARE * self.took):
            return False
        return votes >= self.votes * GROWN or now - self.at >= PATIENCE

    def settled(self, votes: int, now: float, took: float) -> None:
        self.votes, self.at, self.took = votes, now, took
