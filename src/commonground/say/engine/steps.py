"""The words in which the rules of a delivery and whoever obeys them speak to each other."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from commonground.channels.contract import Receipt, Settles, Sighting
from commonground.say.states import DeliveryState


@dataclass(frozen=True, slots=True)
class Row:
    """What the database knows of a delivery."""

    settles: Settles
    key: str  # chosen at approval, the same in every attempt
    due_at: datetime
    not_after: datetime
    next_at: datetime  # when to try or look next
    key_is_good_for: timedelta = timedelta(0)  # half of what the server promises
    urgent: bool = False
    taken_back: bool = False  # the post was withdrawn while this was under way
    state: DeliveryState = DeliveryState.WAITING
    former: DeliveryState | None = None  # how the part before it stands; None: nothing is before it
    attempt: int = 0
    epoch: int = 0
    lease_until: datetime | None = None
    first_tried_at: datetime | None = None
    last_tried_at: datetime | None = None
    handed_over_at: datetime | None = None
    raised_at: datetime | None = None
    tell_at: datetime | None = None


class Move(StrEnum):
    SEND = "send"
    LOOK = "look"
    LET_GO = "let_go"  # its time is over and it certainly did not go out
    LEAVE = "leave"  # a person must decide; nothing is tried any more


class Hindrance(StrEnum):
    """Why the first byte may not leave."""

    TAKEN = "taken"  # it is not ours any more
    STOPPED = "stopped"
    NO_LINE = "no line"
    TAKEN_BACK = "taken back"
    REFUSED = "refused"  # other words than the approved ones, or nobody who may speak them
    TOO_LATE = "too late"


class Heard(StrEnum):
    """What a network's answer, or the lack of one, means."""

    TOOK = "took"
    NOT_NOW = "not now"  # and certainly did nothing
    NO = "no"
    NOTHING = "nothing"  # it may be out there


# What `carry` asks for. The answer to each is named behind it.
@dataclass(frozen=True, slots=True)
class Claim:
    """Take it in hand: the row as it is now, or None if another worker was quicker."""


@dataclass(frozen=True, slots=True)
class Look:
    """See what the public sees: Looked."""

    key: str


@dataclass(frozen=True, slots=True)
class Intend:
    """Write down that we are about to ask: the row then, or a Hindrance and nothing written."""


@dataclass(frozen=True, slots=True)
class Fence:
    """Ask everything again, right before the first byte: None, or a Hindrance."""


@dataclass(frozen=True, slots=True)
class Send:
    """Ask the network, once: Answer."""

    key: str


@dataclass(frozen=True, slots=True)
class Note:
    """Write down an outcome, if the row is still as we left it. Whoever lost it, stops."""

    verb: str
    why: str = ""
    next_at: datetime | None = None
    receipt: Receipt | None = None


type Step = Claim | Look | Intend | Fence | Send | Note
type Steps = Generator[Step, Any, None]


@dataclass(frozen=True, slots=True)
class Looked:
    at: datetime  # when the question left: what appears while we wait for an answer is not in it
    sighting: Sighting | None = None
    blind: str = ""  # why we could not look, if we could not


@dataclass(frozen=True, slots=True)
class Answer:
    heard: Heard
    at: datetime
    why: str = ""
    again_at: datetime | None = None
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What must still be true in the instant before the first byte."""

    now: datetime
    stopped: bool
    line_open: bool
    publishing: bool  # and not taken back
    may_be_sent: bool  # the approved words, from a member who still may
