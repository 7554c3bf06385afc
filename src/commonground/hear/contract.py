"""What HEAR promises to whoever listens, and asks of them. It never knows who they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from commonground.hear.engine.heard import Told

type Finding = Mapping[str, object]  # what a listener found, ready for JSON


@dataclass(frozen=True, slots=True)
class Slice:
    """The posts of one stretch of time, in order. Times are seconds of UTC."""

    posts: Sequence[Told]
    until: float
    beside: int = 0  # posts of a whole network that no topic asked for, passed by unread


class Listener(Protocol):
    """Named in `settings.LISTENERS`. Without an agency it may touch no database."""

    def __init__(self, agency: UUID | None, topics: Sequence[str]) -> None: ...

    def listen(self, heard: Slice) -> Sequence[Finding]:
        """Take one slice; slices come in the order of time."""
        ...

    def learn(self, heard: Slice) -> None:
        """A slice that was heard before, or before anybody sat here: know it, and raise nothing."""
        ...

    def play(self, clock: Callable[[float], float]) -> None:
        """From here on a stream is heard whole, at another clock than the desk's: `clock` says what
        the desk shows at a time of the stream, both in seconds of UTC."""
        ...

    def rest(self) -> None:
        """Write down what is not yet written; called every second or so."""
        ...

    def finish(self) -> Sequence[Finding]:
        """The stream has ended: whatever was still waiting for more."""
        ...

    def forget(self, upstreams: Collection[str], page: str = "") -> None:
        """These posts were deleted upstream; `page`: and all whose link begins with this."""
        ...
