"""What stands on an account of ours, held against what this desk sent there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from commonground.channels.contract import Sighting
from commonground.channels.engine import same_words

CLOCKS_DIFFER = timedelta(minutes=2)  # a network's, from ours
SHOWN_AT_ONCE = 100  # posts; a network that shows so many may have more


class What(StrEnum):
    FOREIGN = "foreign"  # nobody sent it from this desk
    TWICE = "twice"  # our words, and this desk knows of another copy
    ALTERED = "altered"  # ours, and it says something else now
    GONE = "gone"  # ours, and somebody took it away


@dataclass(frozen=True, slots=True)
class Sent:
    """A post this desk sent there, or is sending. `network_id` is "" until it was seen."""

    text: str
    network_id: str = ""
    seen_at: datetime | None = None
    on_its_way: bool = False
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What stood there at the first look, whoever wrote it: its ids.

    `back_to`: the least of them where the network showed only the newest; an older one comes
    up when a newer one is deleted. By its name, for the date on a post is whatever its writer
    chose to put there.
    """

    ids: Collection[str] = ()
    back_to: str = ""

    @classmethod
    def of(cls, standing: Sequence[Sighting]) -> Before:
        ids = [seen.receipt.network_id for seen in standing]
        return cls(ids, min(ids) if len(ids) >= SHOWN_AT_ONCE else "")

    def __contains__(self, name: str) -> bool:
        return name in self.ids or name < self.back_to


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that should not be so. `sighting` is what stands there; None if it is gone."""

    what: What
    network_id: str
    sighting: Sighting | None = None


def oddities(
    standing: Sequence[Sighting], sent: Sequence[Sent], before: Before, asked_at: datetime
) -> list[Odd]:
    """All that stands there and should not, or should and does not.

    `sent` must be read after `standing` was: whatever stands there is then known to whoever
    sent it. What was seen after `asked_at` cannot be missing yet.
    """
    known = {one.network_id: one for one in sent if one.network_id}
    found = [odd for seen in standing if (odd := judged(seen, known, sent, before))]
    return [*found, *gone(standing, known, asked_at)]


def judged(
    seen: Sighting, known: Mapping[str, Sent], sent: Sequence[Sent], before: Before
) -> Odd | None:
    name = seen.receipt.network_id
    if ours := known.get(name):
        changed = not same_words(seen.text, ours.text)
        return Odd(What.ALTERED, name, seen) if changed else None
    if name in before:
        return None
    copies = [one for one in sent if same_words(seen.text, one.text)]
    # Whoever sends it finds it; what is left over then is told next time. And where a person
    # found it, only they know under which name.
    if any(one.on_its_way or (one.seen_at and not one.network_id) for one in copies):
        return None
    return Odd(What.TWICE if copies else What.FOREIGN, name, seen)


def gone(
    standing: Sequence[Sighting], known: Mapping[str, Sent], asked_at: datetime
) -> Iterator[Odd]:
    """Posts of ours as young as what stands there, and missing."""
    there = {seen.receipt.network_id for seen in standing}
    oldest = min((seen.at for seen in standing if seen.at), default=None)
    for name, ours in known.items():
        if name in there or ours.taken_back or ours.seen_at is None or ours.seen_at >= asked_at:
            continue
        if oldest is None or ours.seen_at > oldest + CLOCKS_DIFFER:
            yield Odd(What.GONE, name)
