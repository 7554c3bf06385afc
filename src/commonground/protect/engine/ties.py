"""Whether an account and its agency name each other, from what anybody can look up."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from commonground.protect.engine.places import parts_of

LOOKED_EVERY = timedelta(days=1)
# A look that failed says nothing of an account. After three days without one that did not, the
# register no longer says "verified", only when it last was.
GOOD_FOR = timedelta(days=3)
MARK = "v=commonground1"  # how our records in the DNS begin
BELOW = "_commonground"  # and under which name they stand
OF_A_HANDLE = "_atproto"  # where the AT Protocol looks for a name's account


class Kind(StrEnum):
    LINK = "link"  # the account's public page links to our register (rel="me")
    HANDLE = "handle"  # the account's name is a name of our domain, and leads back to it
    PAGE = "page"  # our register, read from outside, links to the account (rel="me")
    FILE = "file"  # our file for machines, read from outside, names it
    NAME = "name"  # the DNS of our domain names it


THEIRS = frozenset({Kind.LINK, Kind.HANDLE})  # only whoever holds the account can set these
OURS = frozenset({Kind.PAGE, Kind.FILE, Kind.NAME})  # only whoever holds our site or our domain


class Found(StrEnum):
    THERE = "there"
    ABSENT = "absent"  # we could look, and it is not there
    UNSEEN = "unseen"  # we could not look; it may well be there


class Why(StrEnum):
    """Why a proof is not there, or could not be looked at."""

    NOTHING = ""
    NO_LINK = "no link"
    GONE = "gone"
    ELSEWHERE = "elsewhere"  # the page sends us on to another host
    NOT_NAMED = "not named"
    NO_RECORD = "no record"
    ANOTHER = "another"  # it leads to another account
    FOREIGN = "foreign"  # the name is not under our domain
    OTHER_KEY = "other key"  # our domain names another key than ours
    UNSIGNED = "unsigned"  # our own file does not bear our signature
    SILENT = "silent"  # nobody answered


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. `detail`: the server's own words, or what was there instead."""

    found: Found
    why: Why = Why.NOTHING
    detail: str = ""


THERE = Look(Found.THERE)


def absent(why: Why, detail: str = "") -> Look:
    return Look(Found.ABSENT, why, detail)


def unseen(detail: str) -> Look:
    return Look(Found.UNSEEN, Why.SILENT, detail)


@dataclass(frozen=True, slots=True)
class Tie:
    """One proof: when it was last seen to stand, and since when it does not any more."""

    kind: Kind
    stood_at: datetime | None = None
    broken_at: datetime | None = None

    @property
    def stands(self) -> bool:
        return self.stood_at is not None and self.broken_at is None


def both_ways(ties: Iterable[Tie]) -> datetime | None:
    """When both were last seen: the account names us, and we name it. None: not so, or a proof
    that once stood is broken."""
    known = list(ties)
    if any(tie.broken_at for tie in known):
        return None
    theirs, ours = newest(known, THEIRS), newest(known, OURS)
    return min(theirs, ours) if theirs and ours else None


def newest(ties: Iterable[Tie], kinds: frozenset[Kind]) -> datetime | None:
    seen = [tie.stood_at for tie in ties if tie.kind in kinds and tie.stood_at and tie.stands]
    return max(seen, default=None)


def is_fresh(verified: datetime | None, now: datetime) -> bool:
    return verified is not None and now - verified <= GOOD_FOR


# Not a parser: a stranger wrote the page, and whatever it holds must cost no more than its length.
TAG = re.compile(r"<(?:a|link)\s([^<>]{1,4000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"""\b([a-z]{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+))""", re.IGNORECASE
)


def links_that_say_me(page: str) -> list[str]:
    """Where a page says "this is me too": its links with rel="me"."""
    found = []
    for tag in TAG.finditer(page):
        said = {
            name.lower(): html.unescape(double or single or bare)
            for name, double, single, bare in ATTRIBUTE.findall(tag.group(1))
        }
        if "me" in said.get("rel", "").lower().split() and said.get("href"):
            found.append(said["href"].strip())
    return found


def same_place(one: str, other: str) -> bool:
    """Whether two addresses are one, however they are written: www, a slash at the end, http."""
    (host, steps), (other_host, other_steps) = parts_of(one), parts_of(other)
    return bool(host) and host == other_host and steps == other_steps


def leads_to_any(links: Iterable[str], places: Iterable[str]) -> bool:
    wanted = list(places)
    return any(same_place(link, place) for link in links for place in wanted)


def accounts_named(texts: Iterable[str]) -> list[str]:
    """The accounts that our records in the DNS name."""
    return values_of("account", texts)


def keys_named(texts: Iterable[str]) -> list[str]:
    """The keys that our records in the DNS say our register is signed with."""
    return values_of("key", texts)


def values_of(name: str, texts: Iterable[str]) -> list[str]:
    words = [text.split() for text in texts]
    ours = [word for first, *rest in filter(None, words) if first == MARK for word in rest]
    return [word.partition("=")[2] for word in ours if word.startswith(f"{name}=")]


def record_for(account: str) -> str:
    """The text of the record that names an account."""
    return f"{MARK} account={account}"


def record_of_key(key: str) -> str:
    return f"{MARK} key={key}"


DID = re.compile(r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,200}")


def did_in(text: str) -> str:
    """The account's lasting name, as a file or a record gives it; "" for anything else."""
    text = text.strip().removeprefix("did=").strip()
    return text if DID.fullmatch(text) else ""


def is_ours(name: str, domain: str) -> bool:
    """Whether a name is our domain's or stands beneath it."""
    name, domain = name.casefold().rstrip("."), domain.casefold().rstrip(".")
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))
