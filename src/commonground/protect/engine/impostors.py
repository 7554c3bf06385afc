"""Whether an account's name could pass for one of ours, at a glance.

Only names are judged, and only against our own: an account that does not resemble us is never
looked at, whoever it is. What is only about us (a union, a football club, a critic) does not say
that it is us: a word beside our name that is no empty promise ("official", "help") tells it apart.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from string import digits

from confusable_homoglyphs.categories import unique_aliases  # type: ignore[import-untyped]

from commonground.protect.engine.places import parts_of
from commonground.protect.engine.seeing import skeleton, skeleton_of_name

LONGEST_NAME = 100  # characters; no network allows more
MOST_SEARCHES = 6  # in one place: what a server bears from a stranger
LEAST_LETTERS = 5  # shorter names are anybody's
NEAR_FROM, NEARER_FROM = 7, 12  # letters, from which one slip, or two, still pass at a glance

LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
EMPTY, COMMON = LISTS["empty"].split(), LISTS["common"].split()
OPTIONAL = frozenset(LISTS["optional"].split())
# What is shortened.
SHORT = {"police": "pd", "fire": "fd"}


class Likeness(StrEnum):
    WAS_OURS = "was ours"  # the name of an account we closed
    SAME_NAME = "same name"  # ours, letter by letter, elsewhere
    LOOKS = "looks"  # other letters that look the same
    ADDED = "added"  # ours, with words that only promise
    NEAR = "near"  # ours, but for a slip of the finger
    CALLED = "called"  # another name, and it calls itself what we are called
    DOMAIN = "domain"  # a domain that passes for ours
    TOLD = "told"  # a member says so


@dataclass(frozen=True, slots=True)
class Own:
    """An account of ours: its name, and whether it is closed."""

    handle: str
    url: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Which account of ours it resembles ("" for the agency's own name), and how."""

    likeness: Likeness
    of: str = ""


@dataclass(frozen=True)
class Us:
    """Everything of ours that a name is held against, made ready once."""

    agency: str
    accounts: Sequence[Own]
    domain: str = ""
    names: dict[str, str] = field(default_factory=dict)  # the look of a name: the account's handle
    called: set[str] = field(default_factory=set)  # the looks of the agency's own name

    @classmethod
    def of(cls, agency: str, accounts: Iterable[Own], domain: str = "") -> Us:
        us = cls(agency, list(accounts), domain.casefold().removeprefix("www."))
        us.called.update(looks_of_agency(agency))
        for own in us.accounts:
            for name in names_in(own.handle):
                if not is_common(name):
                    us.names.setdefault(skeleton_of_name(name), own.handle)
        for look in us.called:
            us.names.setdefault(look, "")
        return us

    @property
    def words(self) -> frozenset[str]:
        """The words of our name that must all be there."""
        return frozenset(skeleton_of_name(word) for word in words_of(self.agency)
                         if word not in OPTIONAL)  # fmt: skip


def likeness(us: Us, handle: str, called: str = "", url: str = "") -> Match | None:
    """How it resembles us; None where it does not, and where it is ours."""
    handle, called = handle.strip()[:LONGEST_NAME], called[:LONGEST_NAME]
    for own in us.accounts:
        if is_same(handle, url, own):
            return Match(Likeness.WAS_OURS, own.handle) if own.closed else None
    return by_name(us, handle) or by_domain(us, handle, url) or by_calling(us, called)


def searched_for(us: Us) -> list[str]:
    """What to search other people's accounts for: our own names, and nothing else."""
    own = [n for account in us.accounts for n in names_in(account.handle) if not is_common(n)]
    agency = [us.agency] if us.words and not is_common("".join(words_of(us.agency))) else []
    return list(dict.fromkeys([*agency, *own]))[:MOST_SEARCHES]


def is_same(handle: str, url: str, own: Own) -> bool:
    same_page = bool(url and own.url) and parts_of(url) == parts_of(own.url)
    return same_page or handle.lstrip("@").casefold() == own.handle.lstrip("@").casefold()


def by_name(us: Us, handle: str) -> Match | None:
    for name in names_in(handle):
        look = skeleton_of_name(name)
        if look in us.names:
            plain = {n.casefold() for own in us.accounts for n in names_in(own.handle)}
            same = name.casefold() in plain or (name.isascii() and name.isalpha())
            return Match(Likeness.SAME_NAME if same else Likeness.LOOKS, us.names[look])
        bare = without_empty(skeleton_of_name(name.strip(f"{digits}_-.")))
        if bare != look and bare in us.names:
            return Match(Likeness.ADDED, us.names[bare])
        for ours, of in us.names.items():
            # Letters that pass for one are two again where they were swapped.
            if is_near(bare, ours) or is_near(apart(bare), apart(ours)):
                return Match(Likeness.NEAR, of)
    return None


def by_domain(us: Us, handle: str, url: str) -> Match | None:
    """A domain with ours in it, or one that looks like it, and is not beneath it."""
    if not us.domain:
        return None
    label, ours = us.domain.split(".")[0], skeleton_of_name(us.domain)
    for host in {host_of(handle), parts_of(url)[0]} - {""}:
        if host == us.domain or host.endswith(f".{us.domain}"):
            continue
        looks = skeleton_of_name(host)
        owned = host.split(".")[-2:][0] if "." in host else host
        same_label = not is_common(label) and skeleton_of_name(owned) == skeleton_of_name(label)
        if ours in looks or (same_label and len(label) >= LEAST_LETTERS):
            return Match(Likeness.DOMAIN, us.domain)
    return None


def by_calling(us: Us, called: str) -> Match | None:
    """Whether it calls itself what we are called, and adds nothing that tells it apart."""
    if not us.words or is_common("".join(words_of(us.agency))):
        return None
    words = {skeleton_of_name(word) for word in words_of(skeleton(called))} - {""}
    beside = words - us.words - EMPTY_LOOKS - OPTIONAL_LOOKS
    if us.words <= words and not beside:
        return Match(Likeness.CALLED)
    together = without_empty("".join(skeleton_of_name(word) for word in words_of(skeleton(called))))
    return Match(Likeness.CALLED) if together in us.called else None


def mixes_alphabets(name: str) -> bool:
    """Whether letters of more than one alphabet stand in it: no honest name has that."""
    return len(unique_aliases(name) - {"COMMON", "UNKNOWN"}) > 1


# How names are taken apart


def names_in(handle: str) -> list[str]:
    """What a reader takes for the name: of @city@social.example, city; of city.example, city and
    what stands before its last dot together."""
    bare, at, _host = handle.strip().lstrip("@").partition("@")
    if at:
        return [bare] if bare else []
    labels = [part for part in bare.split(".") if part]
    if len(labels) < 2:
        return [bare] if bare else []
    if tuple(labels[-2:]) in PLATFORMS:
        labels = labels[:-2]
        return ["".join(labels)] if labels else []
    before = labels[:-1]
    turned = ["".join(before), "".join(reversed(before))]
    return list(dict.fromkeys(turned))


# Names there are given to anybody: what stands before them is the name.
PLATFORMS = {("bsky", "social")}
HOST = re.compile(r"[\w-]+(\.[\w-]+)+")


def host_of(handle: str) -> str:
    """The domain in a name, where it has one."""
    host = handle.strip().lstrip("@").rpartition("@")[2].casefold()
    return host if HOST.fullmatch(host) and tuple(host.split(".")[-2:]) not in PLATFORMS else ""


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("_", " "))


def looks_of_agency(agency: str) -> list[str]:
    """How our name is written as one word: whole, shortened, turned around."""
    words = words_of(agency)
    needed = [word for word in words if word not in OPTIONAL]
    short = [SHORT.get(word, word) for word in needed]
    written = [words, needed, short, *(needed[n:] + needed[:n] for n in range(1, len(needed)))]
    names = {"".join(parts) for parts in written if parts}
    return [
        skeleton_of_name(n) for n in sorted(names) if not is_common(n) and len(n) >= LEAST_LETTERS
    ]


@lru_cache(maxsize=4096)
def is_common(name: str) -> bool:
    """Whether it is made of words that many services bear: alone it names nobody."""
    return len(name) < LEAST_LETTERS or not taken_off(skeleton_of_name(name), COMMON_LOOKS)


def without_empty(look: str) -> str:
    """A name's look without the words before and after it that only promise."""
    return taken_off(look, EMPTY_LOOKS, keep=LEAST_LETTERS)


def taken_off(look: str, words: frozenset[str], keep: int = 0) -> str:
    """Without these words and digits at both ends, for as long as more than `keep` letters stay."""
    while True:
        shorter = min(once_off(look, words, keep), key=len, default=look)
        if len(shorter) >= len(look):
            return look
        look = shorter


def once_off(look: str, words: frozenset[str], keep: int) -> list[str]:
    ends = [look.removeprefix(w) for w in words if look.startswith(w)]
    ends += [look.removesuffix(w) for w in words if look.endswith(w)]
    ends += [look.strip("0123456789")]
    return [one for one in ends if len(one) >= keep]


EMPTY_LOOKS = frozenset(skeleton_of_name(word) for word in EMPTY)
COMMON_LOOKS = frozenset(skeleton_of_name(word) for word in COMMON)
OPTIONAL_LOOKS = frozenset(skeleton_of_name(word) for word in OPTIONAL)


def apart(look: str) -> str:
    return look.replace("d", "ci")


def is_near(name: str, ours: str) -> bool:
    """Whether a reader in a hurry would miss what is different: one letter in a name of seven and
    more, two in one of twelve and more that begins and ends as ours does."""
    most = 0 if len(ours) < NEAR_FROM else 1
    if len(ours) >= NEARER_FROM and (name[:1], name[-1:]) == (ours[:1], ours[-1:]):
        most = 2
    return bool(most) and abs(len(name) - len(ours)) <= most and slips(name, ours, most) <= most


def slips(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, changed, or swapped with their neighbour (optimal
    string alignment); `most` + 1 for any more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, letter in enumerate(one, 1):
        earlier, before, row = before, row, [n]
        for m, theirs in enumerate(other, 1):
            cost = before[m - 1] + (letter != theirs)
            cost = min(cost, before[m] + 1, row[m - 1] + 1)
            if n > 1 and m > 1 and letter == other[m - 2] and one[n - 2] == theirs:
                cost = min(cost, earlier[m - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
