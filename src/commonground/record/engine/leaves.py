"""What the public log says of an act, and what it only commits to (RFC 8785, RFC 9901).

A leaf names no person. Each fact of an act is a disclosure: a salt of 128 bits, a name and a
value. The leaf holds the disclosures' digests among others that stand for nothing, so that not
even the number of facts shows. Whoever is shown a disclosure can tell that it is what was
written; whoever is not can tell nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from binascii import b2a_base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALGORITHM = "sha-256"
SALT = 16  # bytes: 128 bits, as RFC 9901 asks for
SEED = 32
INNER = "inner"  # the type of all that is nobody's business today
ROOM = 8  # digests are filled up to a multiple of this
LEAST = 16  # and to no fewer
# Made once: every act of the desk waits for a dozen of these.
COMPACT = json.JSONEncoder(separators=(",", ":"))
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Leaf:
    """The bytes that are hashed, and the disclosures that open them, by name.

    `seed`: what the digests that stand for nothing are made from. Whoever is shown it can tell
    them from facts that were withheld, so that nothing can be withheld in silence.
    """

    entry: bytes
    disclosures: Mapping[str, str]
    seed: bytes


def chance_needed(facts: int) -> int:
    """How many bytes of chance a leaf with so many facts takes."""
    return facts * SALT + SEED


def digests(facts: int) -> int:
    return max(LEAST, -(-facts // ROOM) * ROOM)


def leaf(said: Mapping[str, object], facts: Mapping[str, object], chance: bytes) -> Leaf:
    """`said` stands in clear; `facts` are committed to.

    `chance`: fresh random bytes, `chance_needed(len(facts))` of them. Raises ValueError if
    they are fewer: a salt that can be guessed protects nobody.
    """
    if len(chance) != chance_needed(len(facts)):
        raise ValueError("each fact needs a salt of its own")
    count = len(facts)
    salts = b64url_of_each([chance[at : at + SALT] for at in range(0, count * SALT, SALT)])
    seed = chance[count * SALT :]
    shown = {
        name: spelled(salt, name, value)
        for salt, (name, value) in zip(salts, facts.items(), strict=True)
    }
    raw = [hashlib.sha256(one.encode()).digest() for one in shown.values()]
    raw += [nothing(seed, number) for number in range(digests(count) - count)]
    must_be_plain(said)
    held = {"v": 1, "_sd": sorted(b64url_of_each(raw)), "_sd_alg": ALGORITHM}
    return Leaf(CANONICAL.encode({**said, **held}).encode(), shown, seed)


def disclosure(salt: bytes, name: str, value: object) -> str:
    return spelled(b64url(salt), name, value)


def spelled(salt: str, name: str, value: object) -> str:
    # As JSON spells a list of the three: to put it together is three times as fast as to ask.
    return b64url(f'["{salt}",{COMPACT.encode(name)},{COMPACT.encode(value)}]'.encode())


def digest(disclosed: str) -> str:
    """Over the text as it is handed on, so that nobody has to write JSON the same way."""
    return b64url(hashlib.sha256(disclosed.encode()).digest())


def decoy(seed: bytes, number: int) -> str:
    """A digest that stands for nothing."""
    return b64url(nothing(seed, number))


def nothing(seed: bytes, number: int) -> bytes:
    return hashlib.sha256(b"decoy" + bytes([number]) + seed).digest()


def fact(disclosed: str) -> tuple[str, Any]:
    """The name and the value. Raises ValueError."""
    salt, name, value = json.loads(unb64url(disclosed))
    if not isinstance(salt, str) or not isinstance(name, str):
        raise ValueError("a disclosure is a salt, a name and a value")
    return name, value


def facts_in(entry: bytes, disclosed: Iterable[str]) -> dict[str, Any]:
    """What these disclosures say of that leaf. Raises ValueError if one is not of it."""
    left, found = set(json.loads(entry)["_sd"]), {}
    for one in disclosed:
        name, value = fact(one)
        if digest(one) not in left or name in found:
            raise ValueError(f"{name} is not what was written")
        left.remove(digest(one))
        found[name] = value
    return found


def canonical(value: object) -> bytes:
    """RFC 8785 for what a leaf is made of: texts, whole numbers, lists, and names in ASCII.

    Of these JSON has one spelling. Numbers with a fraction have many, and stand in no leaf.
    Raises ValueError for anything else.
    """
    must_be_plain(value)
    # A lone surrogate is refused here, by a ValueError of its own.
    return CANONICAL.encode(value).encode()


def must_be_plain(value: object) -> None:
    if type(value) is str:  # nearly always
        return None
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) and name.isascii() for name in value):
            raise ValueError("names in a leaf are ASCII")
        return must_be_plain(list(value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for one in value:
            must_be_plain(one)
        return None
    whole = type(value) is int and abs(value) < 2**53
    if not (whole or isinstance(value, str)):
        raise ValueError(f"a leaf does not hold {value!r}")
    return None


def b64url(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(URL_SAFE).rstrip(b"=").decode()


def b64url_of_each(pieces: Sequence[bytes]) -> list[str]:
    """Of many, all of one length, in one go: an entry of the record has thirty of them."""
    size = len(pieces[0]) if pieces else 0
    padding = bytes(-size % 3)  # so that each begins a letter of its own
    text = b64url(b"".join([piece + padding for piece in pieces]))
    step = (size + len(padding)) // 3 * 4
    return [text[at : at + step - len(padding)] for at in range(0, len(text), step or 1)]


def unb64url(text: str) -> bytes:
    """Strict, as all we read."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64url(raw) != text:
        raise ValueError("this base64 is not written in the one right way")
    return raw
