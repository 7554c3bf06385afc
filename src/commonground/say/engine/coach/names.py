"""Whether capital letters are a person: not a street, not a unit, not an officer of ours."""

from __future__ import annotations

import tomllib
from functools import cache

import regex

from commonground.say.engine.coach.remarks import WORDS

TOKEN = regex.compile(r"[\p{L}\d]+(?:['-]\p{L}+)*")


def is_a_person(match: regex.Match[str], whole: str) -> bool:
    """True also for a pattern that names nobody.

    A pattern's group `who` must be a person. In its group `sure` the first word must be known as
    a given name besides, or be the capital letter of a sentence before one.
    """
    groups = match.re.groupindex
    name = "sure" if "sure" in groups else "who"
    if name not in groups or match.group(name) is None:
        return True
    start, end = match.span(name)
    if whole[start] == "@":
        return True
    said = person_in(whole, start, end, sure=name == "sure")
    return said is not None and not of_a_colleague_or_place(whole, said, end)


def person_in(whole: str, start: int, end: int, *, sure: bool) -> int | None:
    """Where in the capital words the name begins; None when they are no name."""
    known = listed()
    words = [m for m in TOKEN.finditer(whole, start, end) if len(m.group()) > 1]  # no initials

    def surplus(word: str) -> bool:  # Little Ethan Burke
        return word in known["never"] or (sure and word not in known["given"])

    while len(words) > 2 and surplus(words[0].group().lower()):
        words = words[1:]
    said = [w.group().lower() for w in words]
    if not said or any(w in known["never"] for w in said):
        return None
    return None if sure and said[0].split("-")[0] not in known["given"] else words[0].start()


def of_a_colleague_or_place(whole: str, start: int, end: int) -> bool:
    known = listed()
    before = TOKEN.findall(whole[max(0, start - 30) : start])
    if before and before[-1].split("'")[-1].lower() in known["ranks"]:
        return True
    after = TOKEN.findall(whole[end : end + 20])
    glued = whole[end : end + 1] in " -"
    return bool(after) and glued and after[0].lower() in known["places"]


def re_cased(text: str) -> str:
    """In small letters but for the first of each given name and of the word after it."""
    letters, named = list(text.lower()), False
    if len(letters) != len(text):
        return text
    for word in TOKEN.finditer(text):
        given = word.group().lower() in listed()["given"]
        if given or named:
            letters[word.start()] = word.group()[0].upper()
        named = given
    return "".join(letters)


@cache
def listed() -> dict[str, frozenset[str]]:
    """`never`: words no person is called. `ranks`: before a colleague. `places`: after a place.

    `given`: given names.
    """
    books = tomllib.loads((WORDS / "names.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in books.items()}
