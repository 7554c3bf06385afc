"""A network that exists only in memory, and fails exactly as it is told to.

Each network's `fake.py` gives this place its own ways: what an id looks like, how long a
repeated key is recognised, who may sign in. Tests and other people's tests stand on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count

from commonground.channels import engine
from commonground.channels.contract import (
    Account,
    Adapter,
    Busy,
    Declined,
    Login,
    Message,
    Network,
    Receipt,
    Settles,
    Sighting,
    SignInNeeded,
    Unsure,
)
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.contract.moderating import Act, Aim


class Fault(StrEnum):
    """What may go wrong on the way to a network and back."""

    DECLINED = "declined"
    BUSY = "busy"
    UNSURE_BEFORE = "unsure before"  # the request was lost; nothing happened
    UNSURE_AFTER = "unsure after"  # it happened; only the answer was lost
    SIGNED_OUT = "signed out"  # until the network is told to let us in again
    SLOW = "slow"  # answers well, and late


@dataclass(frozen=True, slots=True)
class Trouble:
    """One scripted fault: the next call of that name meets it, and it is spent."""

    fault: Fault
    on: str = "publish"
    why: str = "A scripted fault."
    again_at: datetime | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """One post as the place holds it."""

    receipt: Receipt
    message: Message
    key: str
    channel_id: str
    at: datetime


class Clock:
    """A clock that stands still until it is moved, so that a slow network costs no time."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Place:
    """The server of a pretended network: what it holds, and what it will do wrong next."""

    network: Network
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    handle: str = "desk"
    clock: Clock = field(default_factory=Clock)
    home: str = "https://pretend.example"
    faults: list[Trouble] = field(default_factory=list)
    posts: dict[str, Held] = field(default_factory=dict)  # by the network's id
    said: list[Incoming] = field(default_factory=list)  # to us, by other people
    calls: list[tuple[str, str]] = field(default_factory=list)  # what was asked, and its key
    acts: set[tuple[Act, str]] = field(default_factory=set)  # what we hid, whom we shut out
    told: dict[str, tuple[str, str]] = field(default_factory=dict)  # by key: to whom, which words
    signed_out: bool = False
    numbers: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def open(self, login: Login) -> Adapter:
        return Desk(self, login)

    def as_network(self) -> Network:
        """The network whose every channel is opened here instead of in the world."""
        hears, there = self.hears if self.network.hears else None, self.network.moderates
        moderates = there and replace(
            there, impose=self.impose, undo=self.undo, tell=self.tell if there.tell else None
        )
        return replace(self.network, open=self.open, hears=hears, unheard=None, moderates=moderates)

    def impose(self, login: Login, act: Act, aim: Aim) -> None:
        desk = Desk(self, login)
        trouble = desk.knock("impose")
        self.acts.add((act, aim.message if act == Act.HIDE else aim.author))
        desk.leave(trouble)

    def undo(self, login: Login, act: Act, aim: Aim) -> None:
        desk = Desk(self, login)
        trouble = desk.knock("undo")
        self.acts.discard((act, aim.message if act == Act.HIDE else aim.author))
        desk.leave(trouble)

    def tell(self, login: Login, aim: Aim, words: str, key: str) -> Receipt:
        desk = Desk(self, login)
        trouble = desk.knock("tell", key)
        self.told.setdefault(key, (aim.author, words))
        desk.leave(trouble)
        return Receipt(key, f"{self.home}/{key}")

    def hears(self, login: Login, cursor: str) -> Batch:
        """What was said to us here since a place in the list of it."""
        said = self.said[int(cursor or 0) :]
        return Batch(tuple(said), str(len(self.said)))

    def script(self, *faults: Trouble | Fault) -> None:
        """What goes wrong next, in this order."""
        self.faults += [f if isinstance(f, Trouble) else Trouble(f) for f in faults]

    def meet(self, call: str, key: str = "") -> Trouble | None:
        """Take the next scripted fault, if it is for this call."""
        self.calls.append((call, key))
        if not (self.faults and self.faults[0].on == call):
            return None
        return self.faults.pop(0)

    def already(self, key: str, channel_id: str) -> Held | None:
        """The post this key already made, as far as the network still knows."""
        for held in self.posts.values():
            if (held.key, held.channel_id) == (key, channel_id) and self.remembers(held):
                return held
        return None

    def remembers(self, held: Held) -> bool:
        if self.network.settles is not Settles.BY_KEY:
            return self.network.settles is Settles.BY_OWN_ID
        # Networks keep a key about twice as long as we dare to rely on it.
        good_for = timedelta(seconds=2 * self.network.key_is_good_for)
        return self.clock.now() - held.at < good_for

    def hold(self, message: Message, key: str, channel_id: str) -> Receipt:
        """The effect itself: at most one post for a key that is still remembered."""
        own_id = self.network.settles is Settles.BY_OWN_ID
        if held := self.already(key, channel_id):
            if held.message.text != message.text:
                refusal = Declined if own_id else Unsure
                raise refusal("Something else was published under this name.")
            return held.receipt
        name = key if own_id else str(self.numbers())
        receipt = Receipt(name, f"{self.home}/{name}")
        self.posts[name] = Held(receipt, message, key, channel_id, self.clock.now())
        return receipt


class Desk:
    """One channel signed in to a pretended network."""

    def __init__(self, place: Place, login: Login) -> None:
        self.place, self.login = place, login

    def new_key(self, at: datetime) -> str:
        return engine.name_for(at, self.place.numbers())

    def publish(self, message: Message, *, key: str) -> Receipt:
        self.place.network.limits.admit(message)
        trouble = self.knock("publish", key)
        there = {*self.place.posts, *(one.id for one in self.place.said)}
        if message.boosts and message.boosts.receipt.network_id not in self.place.posts:
            raise Declined("What this passes on is gone.")
        if message.follows and message.follows.network_id not in there:
            raise Declined("The part before it is gone.")
        receipt = self.place.hold(message, key, self.login.channel_id)
        self.leave(trouble)
        return receipt

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        trouble = self.knock("find", key, looking=True)
        mine = [h for h in self.place.posts.values() if h.channel_id == self.login.channel_id]
        self.leave(trouble)
        for held in mine:
            if self.is_it(held, message, key, since) and held.message.follows == message.follows:
                return Sighting(held.receipt, held.message.text)
        return None

    def is_it(self, held: Held, message: Message, key: str, since: datetime) -> bool:
        """Where we chose the id it is enough; elsewhere only the words can tell."""
        if self.place.network.settles is Settles.BY_OWN_ID:
            return held.key == key
        return held.message.text == message.text and held.at >= since

    def standing(self, *, since: datetime) -> list[Sighting]:
        trouble = self.knock("standing", looking=True)
        held = [h for h in self.place.posts.values() if h.channel_id == self.login.channel_id]
        self.leave(trouble)
        mine = [Sighting(h.receipt, h.message.text, h.at) for h in held if h.at >= since]
        return mine[::-1]

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        trouble = self.knock("withdraw")
        if self.place.network.letters and receipt.network_id in self.place.posts:
            raise Declined("Letters cannot be called back.")
        self.place.posts.pop(receipt.network_id, None)
        self.leave(trouble)

    def prove(self) -> Account:
        self.leave(self.knock("prove", looking=True))
        return Account(self.place.handle, f"{self.place.home}/{self.place.handle}")

    def knock(self, call: str, key: str = "", *, looking: bool = False) -> Trouble | None:
        """Everything that can go wrong before the network acts. Gives what comes after."""
        trouble = self.place.meet(call, key)
        fault = trouble.fault if trouble else None
        if fault is Fault.SIGNED_OUT:
            self.place.signed_out = True
        if self.place.signed_out or not self.known():
            raise SignInNeeded("The network does not know us.")
        if trouble and fault is Fault.DECLINED:
            raise Declined(trouble.why)
        if trouble and fault is Fault.BUSY:
            raise Busy(trouble.why, trouble.again_at)
        if trouble and fault in (Fault.UNSURE_BEFORE, Fault.UNSURE_AFTER) and looking:
            raise Busy(trouble.why)  # nobody is unsure whether they looked
        if trouble and fault is Fault.UNSURE_BEFORE:
            raise Unsure(trouble.why)
        return trouble

    def known(self) -> bool:
        return all(self.login.secrets.get(n) == v for n, v in self.place.secrets.items())

    def leave(self, trouble: Trouble | None) -> None:
        """Everything that can go wrong after the network acted."""
        if trouble and trouble.fault is Fault.SLOW:
            self.place.clock.wait(trouble.seconds)
        if trouble and trouble.fault is Fault.UNSURE_AFTER:
            raise Unsure(trouble.why)
