"""Who somebody elsewhere is: read from their own server, and kept in memory for minutes only."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from commonground.channels.networks.fediverse.documents import STREAMS, TYPE
from commonground.channels.networks.fediverse.models import Actor
from commonground.channels.networks.fediverse.reading import (
    Thing,
    Unreadable,
    host_of,
    id_in,
    kind_of,
    same_host,
    thing_in,
)
from commonground.channels.networks.fediverse.signatures import LONGEST, Request, old_signature
from commonground.kit import outbound, troubles
from commonground.kit.outbound import Unreachable

PEOPLE = {"Application", "Group", "Organization", "Person", "Service"}
LINKED = "application/ld+json"
SECONDS = 10.0  # a server that is slower at saying who its people are must ask again later
KEPT, MOST_KEPT = 600.0, 1_000  # seconds; people
FRESH = 60.0  # a key this young is not read anew because a signature does not match
MOST_A_MINUTE, MOST_OF_ONE_HOST = 120, 30  # look-ups strangers can make us do
MOST_KEYS = 10


class Gone(Exception):
    """Their own server says that they are not there any more."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account elsewhere: whatever its kind, somebody speaks through it."""

    id: str
    handle: str
    door: str  # where to deliver to: shared with their neighbours, if it can be
    keys: Mapping[str, str] = field(repr=False)  # by their ids


def owner_of(key_id: str, *, signer: Actor | None, young: float = KEPT) -> Person:
    """Whose key it is: only somebody on its own host, whose own document says so."""
    known = MEMORY.recall(key_id, young)
    if known:
        return known
    MEMORY.admit(host_of(key_id))
    person = person_in(authority(key_id.partition("#")[0], signer))
    if key_id not in person.keys:
        raise Unreadable("Its owner does not know that key.")
    MEMORY.keep(key_id, person)
    return person


def is_gone(address: str, *, signer: Actor | None) -> bool:
    """Whether their own server says of this very address that nobody is there any more.

    That a key is not there proves nothing: whoever forges a signature may invent the key as well.
    """
    MEMORY.admit(host_of(address))
    try:
        return kind_of(document(address, signer)) == "Tombstone"
    except Gone:
        return True


def authority(address: str, signer: Actor | None) -> Thing:
    """The document of whoever is at an address, from their own id and from nowhere else."""
    found = document(address, signer)
    whose = id_in(found.get("owner")) if "publicKeyPem" in found else id_in(found)
    if whose.partition("#")[0] == address:
        return found
    if not same_host(whose, address):
        raise Unreadable("It belongs to somebody on another host.")
    found = document(whose, signer)
    if id_in(found) != whose:
        raise Unreadable("It calls itself something else.")
    return found


def document(address: str, signer: Actor | None) -> Thing:
    """Ask for it; where a server speaks only to those it knows, say who we are."""
    wanted = {"Accept": f'{TYPE}, {LINKED}; profile="{STREAMS}"'}
    answer = outbound.fetch(address, headers=wanted, seconds=SECONDS)
    if answer.status in (401, 403) and signer:
        asked = Request("GET", address, {"accept": wanted["Accept"]})
        signed = old_signature(asked, signer.key_id, signer.private_key["pem"], timezone.now())
        answer = outbound.fetch(address, headers=signed, seconds=SECONDS)
    if answer.status in (404, 410):
        raise Gone("It is not there any more.")
    if answer.status != 200:
        raise Unreachable(troubles.ANSWERED % {"what": answer.status})
    if not is_streams(answer.headers.get("content-type", "")):
        raise Unreadable("It is not served as what it says it is.")
    if not same_host(answer.url, address):
        raise Unreadable("It was moved to another host.")
    return thing_in(answer.body)


def is_streams(content_type: str) -> bool:
    """A file somebody uploaded is served as something else, whatever it says inside."""
    kind, _, more = content_type.lower().partition(";")
    return kind.strip() == TYPE or (kind.strip() == LINKED and STREAMS in more)


def person_in(found: Thing) -> Person:
    whole = id_in(found)
    inbox, shared = id_in(found.get("inbox")), ""
    if isinstance(doors := found.get("endpoints"), dict):
        shared = id_in(doors.get("sharedInbox"))
    name = found.get("preferredUsername")
    if kind_of(found) not in PEOPLE or not isinstance(name, str):
        raise Unreadable("It is nobody's account.")
    if not same_host(whole, inbox, *filter(None, [shared])):
        raise Unreadable("Its parts are on different hosts.")
    handle = f"@{name[:100]}@{host_of(whole).removesuffix(':443')}"
    return Person(whole, handle, shared or inbox, keys_in(found, whole))


def keys_in(found: Thing, owner: str) -> dict[str, str]:
    listed = found.get("publicKey")
    keys = listed if isinstance(listed, list) else [listed]
    return {
        id_in(key): key["publicKeyPem"]
        for key in keys[:MOST_KEYS]
        if isinstance(key, dict) and id_in(key.get("owner")) == owner
        if same_host(id_in(key), owner) and isinstance(key.get("publicKeyPem"), str)
        if len(key["publicKeyPem"]) <= LONGEST
    }


class Memory:
    """Keys that were read lately, and how many look-ups strangers have caused."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[float, Person]] = {}
        self.asked: deque[tuple[float, str]] = deque()
        self.lock = Lock()

    def recall(self, key_id: str, young: float) -> Person | None:
        at, person = self.known.get(key_id, (0.0, None))
        return person if time.monotonic() - at <= young else None

    def keep(self, key_id: str, person: Person) -> None:
        with self.lock:
            while len(self.known) >= MOST_KEPT:
                del self.known[next(iter(self.known))]
            self.known[key_id] = (time.monotonic(), person)

    def forget(self, key_id: str = "") -> None:
        with self.lock:
            if key_id:
                self.known.pop(key_id, None)
            else:
                self.known.clear()
                self.asked.clear()

    def admit(self, host: str) -> None:
        """Count a look-up, or refuse it: nobody makes this desk knock at others all day."""
        now = time.monotonic()
        with self.lock:
            while self.asked and now - self.asked[0][0] > 60:
                self.asked.popleft()
            of_host = sum(1 for _, asked in self.asked if asked == host)
            if len(self.asked) >= MOST_A_MINUTE or of_host >= MOST_OF_ONE_HOST:
                raise Unreachable(_("Too many are asking at once. Try again in a minute."))
            self.asked.append((now, host))


MEMORY = Memory()
