"""What every network promises, and the three ways it may fail to keep it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from commonground.channels import engine


class Declined(Exception):
    """The network said no, and will say no again. The message is its reason, in words."""


class SignInNeeded(Declined):
    """The network no longer knows us: a person must sign this channel in again."""


class Busy(Exception):
    """The network said not now, and certainly did nothing."""

    def __init__(self, why: str, again_at: datetime | None = None) -> None:
        super().__init__(why)
        self.again_at = again_at


class Unsure(Exception):
    """We asked and never heard. It may be out there: look before asking again."""


class Settles(StrEnum):
    """How an unsure attempt on this network can be settled (classes A to D of the design)."""

    BY_KEY = "by key"  # asking again with the same key is safe for a while
    BY_OWN_ID = "by own id"  # we choose the id, so a second post cannot exist
    BY_LOOKING = "by looking"  # only our own recent posts can tell
    NEVER = "never"  # a person must decide


@dataclass(frozen=True, slots=True)
class Limits:
    """What fits: the numbers a counter shows and a preview obeys."""

    characters: int
    link_counts: int | None = None  # every link counts as this many; None: as it is written
    pictures: int = 4
    picture_bytes: int = 1_000_000
    alt_characters: int = 1_500
    bytes: int | None = None  # some networks also limit the UTF-8 bytes

    def length(self, text: str) -> int:
        """How long this network thinks the text is: the number a counter shows."""
        return engine.length(text, self.link_counts)

    def admit(self, message: Message) -> None:
        """Decline what the network would decline, before it has to."""
        for reason in self.objections(message):
            raise Declined(reason)

    def objections(self, message: Message) -> list[str]:
        """Every reason, in words, why this message does not fit."""
        counted = [
            (self.length(message.text), self.characters, "characters"),
            (len(message.text.encode(errors="surrogatepass")), self.bytes, "bytes"),
            (len(message.pictures), self.pictures, "pictures"),
            (max((len(p.content) for p in message.pictures), default=0), self.picture_bytes,
             "bytes in one picture"),
            (max((engine.graphemes(p.alt) for p in message.pictures), default=0),
             self.alt_characters, "characters to describe a picture"),
        ]  # fmt: skip
        return [
            f"Too much: {there} {unit}, and {fits} fit."
            for there, fits, unit in counted
            if fits is not None and there > fits
        ] + flaws(message)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the words for people who cannot see it."""

    content: bytes = field(repr=False)
    type: str  # image/png, image/jpeg, image/webp
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What a link shows of its page."""

    url: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Exactly what should appear."""

    text: str
    language: str = "en"
    card: LinkCard | None = None
    pictures: tuple[Picture, ...] = ()
    title: str = ""  # only networks with headlines show it

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of everything that would appear: the same words, the same print."""
        pictures = [[hashlib.sha256(p.content).hexdigest(), p.type, p.alt] for p in self.pictures]
        whole = [self.title, self.text, self.language, pictures]
        card = asdict(self.card) if self.card else None
        return hashlib.sha256(json.dumps([whole, card]).encode()).hexdigest()


def flaws(message: Message) -> list[str]:
    """What no network should ever be asked to show."""
    flaws = [f"Picture {n} is not described." for n, p in enumerate(message.pictures, 1)
             if not p.alt.strip()]  # fmt: skip
    if not message.text.strip() and not message.pictures:
        flaws.append("There is nothing to say.")
    if not all(map(engine.is_sendable, [message.text, *(p.alt for p in message.pictures)])):
        flaws.append("There is a sign in this text that cannot be sent.")
    return flaws


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a post landed, as its network names it."""

    network_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the public sees when it looks: the proof of a delivery."""

    receipt: Receipt
    text: str
    at: datetime | None = None  # when it was posted, as the network says; a stranger may lie


@dataclass(frozen=True, slots=True)
class Account:
    """Who the network says we are."""

    handle: str
    url: str


@dataclass(frozen=True, slots=True)
class Login:
    """What an adapter needs to act for one channel. Secrets never appear in a repr."""

    channel_id: str
    address: str = ""  # the server, for networks that have many
    handle: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class Adapter(Protocol):
    """One signed-in channel. Every method may raise Declined, Busy or Unsure, and nothing else."""

    def new_key(self, at: datetime) -> str:
        """The name this post will carry in every attempt; chosen once, when it is approved."""
        ...

    def publish(self, message: Message, *, key: str) -> Receipt:
        """Put it out. Safe to repeat with the same key as far as `settles` says."""
        ...

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """Look for it among our own posts as the public sees them. None: it is not there."""
        ...

    def standing(self, *, since: datetime) -> list[Sighting]:
        """All that stands on this account: also what somebody else put there in our name.

        As far back as `since`, or the newest hundred.
        """
        ...

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        """Take it back. Withdrawing what is already gone succeeds.

        `why` is for the public, where the network leaves a note in the post's place.
        """
        ...

    def prove(self) -> Account:
        """Ask the network who we are: the channel's health check."""
        ...


@dataclass(frozen=True, slots=True)
class Network:
    """A kind of place: what an agency can open a channel on."""

    name: str  # the folder's name
    label: str
    settles: Settles
    limits: Limits
    open: Callable[[Login], Adapter]
    secrets: tuple[str, ...] = ()  # what a person must give to sign in
    needs_address: bool = False
    needs_handle: bool = False  # signs in with a name, and does not learn it from the secret
    key_is_good_for: float = 0.0  # seconds a repeated key stays safe, for Settles.BY_KEY
    headline: bool = False  # shows Message.title
    cards: bool = False  # shows Message.card, as we give it
    ours_alone: bool = False  # a table of this desk: nobody else can post there
    named_for_good: bool = False  # a person chooses the account's name once, and never again

    @property
    def asks(self) -> bool:
        """Whether a person must give something before the channel is ready."""
        return bool(self.secrets) or self.needs_address or self.needs_handle
