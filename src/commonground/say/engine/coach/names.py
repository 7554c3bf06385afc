"""Whether capital letters are a person: not a street, not a unit, not an officer of ours."""

from __future__ import annotations

import tomllib
from functools import cache

import regex

from commonground.say.engine.coach.remarks import WORDS

TOKEN = regex.compile(r"[\p{L}\d]+(?:['-]\p{L}+)*")


def is_a_person(match: regex.Match[str], whole: str) -> bool:
    """True also for a pattern that names nobody. `who` is the group that must be a person."""
    if "who" not in match.re.groupindex or match.group("who") is None:
        return True
    start, end = match.span("who")
    said = match.group("who")
    if said.startswith("@"):
        return True
    words = TOKEN.findall(said)
    known = listed()
    while len(words) > 2 and words[0].lower() in known["never"]:  # Little Ethan Burke
        start = whole.index(words[1], start + len(words[0]))
        words = words[1:]
    if any(w.lower() in known["never"] for w in words):
        return False
    before = TOKEN.findall(whole[max(0, start - 30) : start])
    after = TOKEN.findall(whole[end : end + 20])
    if before and before[-1].lower() in known["ranks"]:
        return False
    glued = whole[end : end + 1] in " -"
    return not (after and glued and after[0].lower() in known["places"])


@cache
def listed() -> dict[str, frozenset[str]]:
    """`never`: words no person is called. `ranks`: before a colleague. `places`: after a place."""
    books = tomllib.loads((WORDS / "names.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in books.items()}
