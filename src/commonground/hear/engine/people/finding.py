"""The signs of a person in what somebody wants to listen for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from commonground.hear.engine.people.addresses import address_in
from commonground.hear.engine.people.letters import (
    Word,
    mixes_scripts,
    plain,
    without_leet,
    words_of,
    written_apart,
)
from commonground.hear.engine.people.lists import COMMON, NAMES
from commonground.hear.engine.people.numbers import account_in, plate_in, telephone_in


class Sign(StrEnum):
    """Why words are taken for a person."""

    ACCOUNT = "account"
    TELEPHONE = "telephone"
    PLATE = "plate"
    ADDRESS = "address"
    HIDDEN = "hidden"
    NAME = "name"
    LIKE_A_NAME = "like a name"  # only written like one: a place may be


@dataclass(frozen=True, slots=True)
class Found:
    sign: Sign
    words: str


GIVEN = NAMES["given"] | NAMES["given_elsewhere"]
ANY_GIVEN = GIVEN | NAMES["given_or_not"]
FAMILY = NAMES["family"]
ANY_FAMILY = FAMILY | NAMES["family_or_not"]
BEFORE, AFTER = COMMON["before"], COMMON["after"]
PUBLIC = COMMON["public"] | AFTER | BEFORE
PARTICLES = COMMON["particles"] - BEFORE
SHORTEST_HIDDEN = 5  # letters written apart; fewer may be an abbreviation
SHORTEST_JOINED = 3  # letters of each half of janedoe


def person_in(text: str, *, place: bool = False) -> Found | None:
    """The first sign of a person in a watch term, a topic's name or a place; None if there is none.

    A `place` may be written like a name, and may be one name alone: Martin is a town too.
    """
    for sign, look in (
        (Sign.ACCOUNT, account_in), (Sign.TELEPHONE, telephone_in), (Sign.PLATE, plate_in),
        (Sign.HIDDEN, hidden_in), (Sign.ADDRESS, address_in),
    ):  # fmt: skip
        if found := look(text):
            return Found(sign, found)
    words = words_of(text)
    if named := (titled(words) or pair(words) or kin(words) or (not place and alone(words))):
        return Found(Sign.NAME, named)
    if not place and (like := written_like_a_name(words_of(text, parted=False))):
        return Found(Sign.LIKE_A_NAME, like)
    return None


def hidden_in(text: str) -> str:
    """Letters that pass for others, or stand apart, so that a list would not know the word."""
    if mixed := mixes_scripts(text):
        return mixed
    together = plain(written_apart(text))
    if len(together) >= SHORTEST_HIDDEN or together in ANY_GIVEN | ANY_FAMILY:
        return together
    return ""


def spoken(word: Word) -> str:
    """The word as it would be in a list: without a plural or possessive s, and with letters
    for digits."""
    folded = without_leet(word.folded)
    shorter = folded.removesuffix("s")
    return shorter if folded not in ANY_GIVEN | ANY_FAMILY and is_name(shorter) else folded


def is_name(folded: str) -> bool:
    return folded in ANY_GIVEN or folded in ANY_FAMILY


def protected(words: Sequence[Word], at: int) -> bool:
    """Whether what stands beside it makes a place, a storm or a day of it."""
    before = [w.folded for w in words[:at] if w.folded not in PARTICLES][-1:]
    after = [w.folded for w in words[at + 1 : at + 2]]
    return bool(BEFORE.intersection(before) or AFTER.intersection(after))


def alone(words: Sequence[Word]) -> str:
    """A name that is hardly ever anything else; or two of them run together."""
    for at, word in enumerate(words):
        name = spoken(word)
        if (name in GIVEN or name in FAMILY or joined(name) or campaign(name)) and not protected(
            words, at
        ):
            return word.written
    return ""


# What campaigns put before a name, in one word with it: #justiceforjane.
CAMPAIGNS = (
    "justicefor", "justicepour", "justiciapara", "prayfor", "standwith", "bringhome", "whereis",
    "rip", "find", "free",
)  # fmt: skip
SURE_OF_A_NAME = 7  # letters; after fewer only both names count: freedom, findings


def campaign(folded: str) -> bool:
    """justiceforjane, findjanedoe."""
    for before in CAMPAIGNS:
        rest = folded.removeprefix(before)
        if rest != folded and (joined(rest) or (len(before) >= SURE_OF_A_NAME and rest in GIVEN)):
            return True
    return False


KIN = {"family", "boy", "girl", "kids", "brothers", "sisters", "twins", "famille", "familia"}


def kin(words: Sequence[Word]) -> str:
    """The Miller family: whose members are few."""
    for first, second in pairwise(words):
        for name, word in ((first, second), (second, first)):
            if word.folded in KIN and name.capital and spoken(name) in ANY_FAMILY:
                return f"{first.written} {second.written}"
    return ""


def joined(folded: str) -> bool:
    """janedoe, doejane."""
    cuts = range(SHORTEST_JOINED, len(folded) - SHORTEST_JOINED + 1)
    halves = [(folded[:cut], folded[cut:]) for cut in cuts]
    return any(
        (a in GIVEN and b in ANY_FAMILY) or (a in ANY_FAMILY and b in GIVEN) for a, b in halves
    )


def pair(words: Sequence[Word]) -> str:
    """A given and a family name beside each other, also the other way round."""
    held = [
        (at, w) for at, w in enumerate(words) if len(w.folded) > 1 and w.folded not in PARTICLES
    ]
    for (at, first), (then, second) in pairwise(held):
        ends = then + 1 < len(words) and words[then + 1].folded in AFTER
        if not ends and is_pair(first, second) and not (at and words[at - 1].folded in BEFORE):
            return " ".join(w.written for w in words[at : then + 1])
    return ""


def is_pair(first: Word, second: Word) -> bool:
    one, two = spoken(first), spoken(second)
    if second.folded in AFTER or (first.folded in PUBLIC and second.folded in PUBLIC):
        return one in GIVEN and two in FAMILY
    names = (one in ANY_GIVEN and two in ANY_FAMILY) or (one in ANY_FAMILY and two in ANY_GIVEN)
    sure = bool({one, two} & (GIVEN | FAMILY))
    return names and (sure or (first.capital and second.capital))


def titled(words: Sequence[Word]) -> str:
    """Mr Anybody; Constable Somebody; J. Somebody."""
    for first, second in pairwise(words):
        common = second.folded in PUBLIC
        mister = first.folded in NAMES["titles"] and not common
        office = first.folded in NAMES["offices"] and not common
        if mister or (office and (second.capital or spoken(second) in GIVEN | FAMILY)):
            return f"{first.written} {second.written}"
    return initial(words)


def initial(words: Sequence[Word]) -> str:
    for first, second in pairwise(words):
        one_letter = len(first.written) == 1 and first.written.isalpha()
        if (
            one_letter
            and spoken(second) in ANY_FAMILY
            and (first.written.isupper() and second.capital)
        ):
            return f"{first.written} {second.written}"
    return ""


def written_like_a_name(words: Sequence[Word]) -> str:
    """Two words with capital letters beside each other, and no public one in the same row."""
    for together, row in groupby(words, lambda w: w.capital and len(w.written) > 1):
        written = list(row)
        public = any(w.folded in BEFORE or w.folded in AFTER for w in written)
        if together and not public and (like := first_unknown_pair(written)):
            return like
    return ""


def first_unknown_pair(words: Sequence[Word]) -> str:
    for first, second in pairwise(words):
        if first.folded not in PUBLIC and second.folded not in PUBLIC:
            return f"{first.written} {second.written}"
    return ""


def split_person(terms: Iterable[str], beside: Iterable[str]) -> Found | None:
    """A name of which one half is watched for, and the other stands in another term or place.

    `terms` are watch terms, `beside` whatever else must be said as well, or may be.
    """
    lone = [w[0] for w in map(words_of, terms) if len(w) == 1]
    others = [w[0] for w in map(words_of, beside) if len(w) == 1]
    for first in lone:
        for second in [*lone, *others]:
            if first is not second and halves(first, second):
                return Found(Sign.NAME, f"{first.written} … {second.written}")
    return None


def halves(first: Word, second: Word) -> bool:
    one, two = spoken(first), spoken(second)
    names = (one in ANY_GIVEN and two in ANY_FAMILY) or (one in ANY_FAMILY and two in ANY_GIVEN)
    sure = bool({one, two} & (GIVEN | FAMILY))
    return names and one != two and (sure or (first.capital and second.capital))
