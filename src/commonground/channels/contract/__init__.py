"""What every network promises, and the three ways it may fail to keep it."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from commonground.channels import engine
from commonground.channels.contract.alert import Alert
from commonground.channels.contract.flaws import flaws
from commonground.channels.contract.incoming import Batch
from commonground.channels.contract.moderating import Moderates
from commonground.channels.contract.profile import Figure, Profile
from commonground.channels.contract.reach import Reach
from commonground.channels.contract.rendering import Rendering


class Declined(Exception):
    """The network said no, and will say no again. The message is its reason, in words."""


class SignInNeeded(Declined):
    """The network no longer knows us: a person must sign this channel in again."""


class Busy(Exception):
    """The network said not now, and certainly did nothing."""

    def __init__(self, why: str, again_at: datetime | None = None) -> None:
        super().__init__(why)
        self.again_at = again_at


class TooFarBack(Busy):
    """There are more posts of ours since then than we look at. What was not among them may still
    be there: whoever took this for absence would say it twice."""


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
    weigh: Callable[[str], int] | None = None  # how it counts, where it counts like no other
    links: int | None = None  # different ones
    hashtags: int | None = None
    pictures_at_least: int = 0  # some show nothing without one
    shapes: tuple[float, float] | None = None  # the narrowest and widest picture: width by height
    film_bytes: int = 0  # of a video; 0: none is sent there from here
    film_seconds: float = 0.0
    film_captions: bool = True  # shows the captions of a video; else their words go with its alt

    def length(self, text: str) -> int:
        """How long this network thinks the text is: the number a counter shows."""
        return self.weigh(text) if self.weigh else engine.length(text, self.link_counts)

    def admit(self, message: Message) -> None:
        """Decline what the network would decline, before it has to."""
        for reason in self.objections(message):
            raise Declined(reason)

    def objections(self, message: Message) -> list[str]:
        """Every reason, in words, why this message does not fit."""
        counted = [
            (self.length(message.text), self.characters, "characters"),
            (len(message.text.encode(errors="surrogatepass")), self.bytes, "bytes"),
            (len({url for _, _, url in engine.links(message.text)}), self.links, "links"),
            (engine.hashtags(message.text), self.hashtags, "hashtags"),
            (len(message.pictures), self.pictures, "pictures"),
            (max((len(p.content) for p in message.pictures), default=0), self.picture_bytes,
             "bytes in one picture"),
            (max((engine.graphemes(p.alt) for p in message.pictures), default=0),
             self.alt_characters, "characters to describe a picture"),
        ]  # fmt: skip
        return (
            [
                f"Too much: {there} {unit}, and {fits} fit."
                for there, fits, unit in counted
                if fits is not None and there > fits
            ]
            + flaws(message)
            + self.unshown(message)
        )

    def unshown(self, message: Message) -> list[str]:
        """What is wrong with its pictures, for a network that is particular about them."""
        if len(message.pictures) < self.pictures_at_least and not message.film:
            return ["This network shows only posts with a picture."]
        if message.film and (why := self.film_objection(message.film)):
            return [why]
        odd = self.misshapen([(p.width, p.height) for p in message.pictures])
        return [f"Picture {n} is too tall or too wide for this network." for n in odd]

    def film_objection(self, film: Film) -> str:
        if not self.film_bytes:
            return "This network's video is not yet sent from here."
        if len(film.content) > self.film_bytes or film.seconds > self.film_seconds:
            return "This video is too long or too large for this network."
        return ""

    def misshapen(self, sizes: Sequence[tuple[int, int]]) -> list[int]:
        """Which pictures (1 is the first) are too tall or too wide to be shown."""
        narrow, wide = self.shapes or (0.0, float("inf"))
        return [n for n, (w, h) in enumerate(sizes, 1) if not narrow <= w / max(h, 1) <= wide]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the words for people who cannot see it."""

    content: bytes = field(repr=False)
    type: str  # image/png, image/jpeg, image/webp
    alt: str
    width: int
    height: int
    # What must stay in sight where it is cropped: parts of its width and height, 0 to 1.
    focus: tuple[float, float] | None = None
    fetched_as: str = ""  # its name where networks fetch it; empty: its digest

    @property
    def print(self) -> list[object]:
        """What of it would appear."""
        focus = [list(self.focus)] if self.focus else []
        return [hashlib.sha256(self.content).hexdigest(), self.type, self.alt, *focus]


@dataclass(frozen=True, slots=True)
class Film:
    """A video, what is said in it, and the words for people who cannot see it."""

    content: bytes = field(repr=False)
    type: str  # video/mp4
    alt: str
    width: int
    height: int
    seconds: float
    captions: str  # WebVTT
    language: str  # of the captions

    @property
    def print(self) -> list[object]:
        """What of it would appear."""
        digest = hashlib.sha256(self.content).hexdigest()
        return [digest, self.type, self.alt, self.captions, self.language]

    @property
    def spoken(self) -> str:
        """All that is said in it, as a text: for whoever is shown no captions."""
        blocks = self.captions.split("\n\n")[1:]
        lines = [line for b in blocks for line in b.strip().split("\n")[1:]]
        return html.unescape("\n".join(lines))


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What a link shows of its page."""

    url: str
    title: str
    description: str = ""
    picture: Picture | None = None  # for networks with `card_pictures`; nobody describes it

    @property
    def words(self) -> dict[str, str]:
        """All of it but its picture: what a network of our own keeps."""
        return {"url": self.url, "title": self.title, "description": self.description}

    @property
    def print(self) -> dict[str, object]:
        """What of it would appear."""
        return {**self.words, **({"picture": self.picture.print} if self.picture else {})}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a post landed, as its network names it."""

    network_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Boosted:
    """A post of the agency's that stands on another account of the same network."""

    receipt: Receipt
    address: str = ""  # the server it stands on, for networks that have many


@dataclass(frozen=True, slots=True)
class Message:
    """Exactly what should appear."""

    text: str
    language: str = "en"
    card: LinkCard | None = None
    pictures: tuple[Picture, ...] = ()
    film: Film | None = None  # instead of pictures
    title: str = ""  # only networks with headlines show it
    alert: Alert | None = None  # only networks with alerts carry it
    corrects: Receipt | None = None  # the post of ours on this channel that this one puts right
    # The part before it of its thread, or what it answers. Where that is gone it is Declined.
    follows: Receipt | None = None
    # The same in other languages: only networks with `languages` are given them.
    also: tuple[Rendering, ...] = ()
    # Pass this on with the network's own button, and say nothing beside: `text` is what it says.
    boosts: Boosted | None = None
    not_after: datetime | None = None  # nobody is shown this, nor that it cannot wait:
    urgent: bool = False

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of everything that would appear: the same words, the same print."""
        pictures = [p.print for p in self.pictures]
        whole: list[object] = [self.title, self.text, self.language, pictures]
        if self.film:
            whole.append(self.film.print)
        parts = (self.alert, self.corrects)
        beside: list[object] = [self.card.print if self.card else None]
        beside += [asdict(part) if part else None for part in parts]
        beside += [asdict(part) for part in (self.follows, self.boosts) if part]
        if self.also:
            beside.append({"also": [one.as_row() for one in self.also]})
        return hashlib.sha256(json.dumps([whole, *beside]).encode()).hexdigest()


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
    until: datetime | None = None  # when this sign-in ends, if the network says


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

        `why` is for the public, where the network leaves a note in the post's place. Where
        letters went out it is Declined, in words that say what to do instead.
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
    loads: str = ""  # a module that takes seconds to load: a worker does so before it is needed
    secrets: tuple[str, ...] = ()  # what a person must give to sign in
    secrets_too: tuple[str, ...] = ()  # and may give besides: with them it can be revoked
    needs_address: bool = False
    needs_handle: bool = False  # signs in with a name, and does not learn it from the secret
    key_is_good_for: float = 0.0  # seconds a repeated key stays safe, for Settles.BY_KEY
    headline: bool = False  # shows Message.title
    boosts: bool = False  # has a button that passes on another's post (Message.boosts)
    threads: bool = False  # shows a post of ours beneath another (Message.follows)
    answers: bool = False  # shows one beneath what somebody said to us (the same)
    # Whoever writes here writes to us alone and is answered alone: nothing of it is ever public,
    # and nothing can be said here but an answer.
    private: bool = False
    cards: bool = False  # shows Message.card, as we give it
    card_pictures: bool = False  # and its picture
    reads_pages: bool = False  # reads the page of a link by itself, and makes a card of its own
    alerts: bool = False  # hands Message.alert to machines that warn people
    ours_alone: bool = False  # a table of this desk: nobody else can post there
    has_pages: bool = False  # the public reads what it publishes on pages of our own site
    languages: bool = False  # shows a post in all its languages at one place (Message.also)
    # It goes to people's own boxes, one by one: what was handed over nobody can look at or call
    # back, so "seen" means that the next server took it, and withdrawing stops only the rest.
    letters: bool = False
    # For networks that keep readers of their own. Each is asked for one channel's id.
    figures: Callable[[str], list[Figure]] | None = None  # how many there are
    forget: Callable[[str, str], bool] | None = None  # one of them, by what they are called
    told: Callable[[str], str] | None = None  # what became of one key so far, in words
    moves: Callable[[str], bool] | None = None  # whether one key's gets to everybody in time
    lasting: bool = False  # a sign-in holds until somebody takes it back
    proven: bool = True  # tried against the real service, or a server that is the real one
    # What it asks of an agency before it lets a program in (pages translate it), and where to ask.
    needs: str = ""
    ask_at: str = ""
    # End a sign-in at the network itself, for whoever copied it too. False: something is left for
    # a person to do there, and `ended_at` says where. None: no program can.
    revoke: Callable[[Login], bool] | None = None
    ended_at: str = ""  # a sentence that pages translate
    named_for_good: bool = False  # a person chooses the account's name once, and never again
    # How an account there can name its agency, for anybody to look up: "link" (its page carries
    # rel="me"), "handle" (it bears a name of the agency's domain).
    proves: tuple[str, ...] = ()
    # Its accounts whose names hold some words, as anybody may search them: on one server, or
    # everywhere at once, and then `searched_at` says where. Raises Unreachable.
    search: Callable[[str, str], list[Profile]] | None = None
    searched_at: str = ""
    # What people said to us since a place ("": since the beginning, or as far back as is useful).
    # It may raise Declined or Busy, and nothing else. None: the desk does not hear them there.
    hears: Callable[[Login, str], Batch] | None = None
    # Of a network of our own, whose words lie in our database: the channels (by their keys) on
    # which something was said that nobody was handed yet. None: it has to be asked to know.
    unheard: Callable[[], Sequence[object]] | None = None
    moderates: Moderates | None = None  # None: whatever is to be done there a person does by hand
    # Which of these messages, by their ids, nobody can see there any more; for networks that do
    # not tell that somebody deleted one. It may raise Declined or Busy. And of how many it is
    # asked in one go.
    deleted: Callable[[Login, Sequence[str]], Sequence[str]] | None = None
    deleted_at_once: int = 25
    # What it says came of posts of ours, by their ids; one that is missing is gone or not told. It
    # may raise Declined or Busy. None: it tells nothing to a program.
    reach: Callable[[Login, Sequence[str]], Mapping[str, Reach]] | None = None

    @property
    def asks(self) -> bool:
        """Whether an agency must know something before it opens a channel here."""
        return bool(self.needs) or not self.proven

    @property
    def signs_in(self) -> bool:
        """Whether a person must give something before the channel is ready."""
        return bool(self.secrets) or self.needs_address or self.needs_handle

    @property
    def needs_only_a_name(self) -> bool:
        """Whether what a person gives is a name of our own, and nothing secret."""
        return self.needs_handle and not self.secrets and not self.needs_address
