"""What a reader sees: words without the letters that only look like them.

Source: Unicode Technical Standard 39, chapter 4 (skeletons): two words whose skeletons are equal
look alike. The table of letters is Unicode's own, cut down to those that look like Latin ones.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("look_alikes.txt")
# Small letters that Unicode does not count, and that are used for these all the same.
SMALL_CAPITALS = {"к": "k", "м": "m", "т": "t", "н": "h", "в": "b", "г": "r", "п": "n"}
SEEN_AS_ONE = (("rn", "m"), ("vv", "w"), ("cl", "d"))  # in a name, at a glance
IN_A_NAME = str.maketrans("01|!5", "oiiis")
UNSEEN = ("Mn", "Me", "Cf", "Cc")  # accents and marks, and what has no width


@cache
def table() -> dict[int, str]:
    rows = [line.split() for line in TABLE.read_text("utf-8").splitlines() if line[0] != "#"]
    known = {ord(letter): looks for looks, letters in rows for letter in letters}
    return known | {ord(letter): looks for letter, looks in SMALL_CAPITALS.items()}


def skeleton(text: str) -> str:
    """What it looks like: small letters without accents, each alphabet's look-alikes made one."""
    # Before too: Unicode's own form of a lunate sigma, which looks like c, is another sigma.
    spread = unicodedata.normalize("NFKD", text.translate(table()))
    bare = "".join(c for c in spread if unicodedata.category(c) not in UNSEEN or c in "\n\t")
    # Before and after: some look alike only as capitals.
    return bare.translate(table()).casefold().translate(table())


def skeleton_of_name(name: str) -> str:
    """What a name looks like at a glance: digits pass for letters, signs between for nothing."""
    plain = "".join(in_our_digits(c) for c in name)
    seen = skeleton(plain).translate(IN_A_NAME).replace("l", "i")
    for pair, one in SEEN_AS_ONE:
        seen = seen.replace(pair.replace("l", "i"), one)
    return "".join(c for c in seen if c.isalnum())


def in_our_digits(letter: str) -> str:
    """A digit of another alphabet as ours: a Bengali nought is a nought."""
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)
