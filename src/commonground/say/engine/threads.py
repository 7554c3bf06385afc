"""Parts a text that is too long for a network into a thread, as a careful writer would.

A part ends where the author says so (a line of dashes), else at the end of a paragraph or a
sentence, and only where a sentence is too long by itself, between two words. Never inside a
link, a hashtag, a telephone number, or what a reader sees as one sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

import regex

from commonground.channels import engine
from commonground.channels.contract import Limits
from commonground.say.engine.fit import HASHTAG


class Parting(StrEnum):
    """What becomes of a text that is too long for a network."""

    WHOLE = ""  # it is not sent, and its author is told by how much it is too long
    NUMBERED = "numbered"
    PLAIN = "plain"


# More than ten parts nobody reads: that is a page of the newsroom, and a link to it.
MOST_PARTS = 10
BREAK = regex.compile(r"^[ \t]*-{3,}[ \t\r]*$", regex.MULTILINE)
# No-break spaces are left out on purpose: whoever typed one meant it.
BLANK = r"[ \t\r\n]"
PARAGRAPH = regex.compile(r"[ \t\r]*\n[ \t\r]*\n[ \t\r\n]*")
LINE = regex.compile(r"[ \t\r]*\n[ \t]*")
SENTENCE = regex.compile(rf"[.!?…؟۔।][\"'”’»)\]]*{BLANK}+|[。！？][」』”’）]*{BLANK}*")
WORD = regex.compile(rf"{BLANK}+")
SIGN = regex.compile(r"")  # between any two signs, for scripts that leave no room between words
# What ends in a full stop and ends no sentence.
SHORT = regex.compile(
    r"(?:^|[^\p{L}])(?:\p{L}|[ap]\.m|e\.g|i\.e|p\.ex|etc|St|Ste|Mt|Ft|Ave?|Rd|Blvd|Hwy|Dr|Mr|Mrs|Ms"
    r"|Mme|Mlle|Me|Sgt|Cst|Cpl|Lt|Capt|Insp|Supt|Det|No|Nos|nº|approx|art|env|vs|tel|tél|ext|bd|av)\.$",
    regex.IGNORECASE,
)
# A telephone number or an amount is one thing, although there is room in it. Six groups are the
# most that one has (+33 1 23 45 67 89): a column of figures is not one number.
FIGURES = regex.compile(r"\(?\+?\d[\d()]*(?:[ .-]\(?\d[\d()]*){1,5}")
# How much of the room the better place to end must fill; else the next best is asked.
ENOUGH = ((PARAGRAPH, 0.5), (LINE, 0.6), (SENTENCE, 0.3), (WORD, 0.0), (SIGN, 0.0))


def parts(text: str, limits: Limits, parting: Parting) -> list[str]:
    """The posts a text becomes, in their order. Some are too long still if nothing can part them.

    A text that fits and holds no break stays as it is, whatever was asked for.
    """
    if parting == Parting.WHOLE:
        return [text]
    whole = [piece for piece in map(str.strip, BREAK.split(text)) if piece]
    if len(whole) < 2 and fits(without_breaks(text, parting), limits):
        return [without_breaks(text, parting)]
    if parting == Parting.PLAIN:
        return [p for piece in whole for p in fitted(piece, limits, 0)] or [text]
    # How much room its number takes depends on how many there are.
    for digits in (1, 2, 3):
        room = 2 * digits + 2
        found = [part for piece in whole for part in fitted(piece, limits, room)]
        if len(str(len(found))) <= digits:
            break
    return [f"{part} {n}/{len(found)}" for n, part in enumerate(found, 1)] or [text]


def without_breaks(text: str, parting: Parting) -> str:
    """The text for places that show all of it: where the author broke it, a new paragraph."""
    if parting == Parting.WHOLE or not BREAK.search(text):
        return text
    return "\n\n".join(piece for piece in map(str.strip, BREAK.split(text)) if piece)


def fits(text: str, limits: Limits, spare: int = 0) -> bool:
    """Whether it fits, with so many characters to spare for its number."""
    if limits.length(text) > limits.characters - spare:
        return False
    return limits.bytes is None or len(text.encode(errors="replace")) <= limits.bytes - spare


def fitted(text: str, limits: Limits, spare: int) -> Iterator[str]:
    """Pieces of it that fit, each as much as ends well."""
    rest = text.strip()
    while rest and not fits(rest, limits, spare):
        at = end_of_first(rest, limits, spare)
        if at is None:  # one link alone is longer than the network takes
            break
        yield rest[:at].rstrip()
        rest = rest[at:].lstrip()
    if rest:
        yield rest


def end_of_first(text: str, limits: Limits, spare: int) -> int | None:
    """Where the first piece ends that fits: the best of the last places it may end at."""
    whole = list(unbroken(text))
    room = limits.characters - spare
    for kind, enough in ENOUGH:
        places = list(ends(text, kind, whole))
        last = last_that_fits(places, lambda at: fits(text[:at].rstrip(), limits, spare))
        if last and limits.length(text[:last].rstrip()) >= enough * room:
            return last
    return None


def ends(text: str, kind: regex.Pattern[str], whole: list[tuple[int, int]]) -> Iterator[int]:
    """The places of one kind where a piece may end, from the first to the last."""
    if kind is SIGN:
        found: Iterator[int] = (m.end() for m in engine.GRAPHEME.finditer(text))
    else:
        found = (m.end() for m in kind.finditer(text) if not ends_no_sentence(text, m, kind))
    for at in found:
        # What lies between two pieces is room; what counts is where the words before it end.
        before = len(text[:at].rstrip())
        inside = any(start < before < end for start, end in whole)
        if before > 0 and at < len(text) and not inside:
            yield at


def ends_no_sentence(text: str, found: regex.Match[str], kind: regex.Pattern[str]) -> bool:
    """St. Mary, 5 p.m. on Sunday: a full stop, and the sentence goes on."""
    if kind is not SENTENCE:
        return False
    stop = text[: found.start() + 1]
    goes_on = text[found.end() : found.end() + 1].islower()
    return goes_on or bool(SHORT.search(stop[-16:]))


def unbroken(text: str) -> Iterator[tuple[int, int]]:
    """From where to where nothing may be parted."""
    for start, end, _ in engine.links(text):
        yield start, end
    for pattern in (HASHTAG, FIGURES):
        for found in pattern.finditer(text):
            yield found.start(), found.end()


def last_that_fits(places: list[int], fit: Callable[[int], bool]) -> int | None:
    """The last of some rising places before which everything fits."""
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) // 2
        if fit(places[middle]):
            low = middle + 1
        else:
            high = middle
    return places[low - 1] if low else None
