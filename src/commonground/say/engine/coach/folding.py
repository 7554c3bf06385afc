"""Sees through spelling: case stays, but accents, look-alikes and hidden characters go.

Whoever wants a name past the coach writes "vіctim" with a Cyrillic letter, "v i c t i m",
or puts a character of no width in between. Rules are asked of the folded text; what they
find is always given back as a place in the text as it was typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

import regex

# Letters of other alphabets that look like Latin ones, and the quotes and dashes of
# typesetters. Compatibility forms (full width, mathematical) fall to NFKD by themselves.
LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁɡһкмтвнАЕОРСУХІЈЅКМТВНαοριντυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ’‘ʼ`´“”«»‐‑‒–—−",
    "aeopcyxijsdghkmtbhAEOPCYXIJSKMTBHaopivtuxABEZHIKMNOPTYX'''''\"\"\"\"------",
)
# Letters that are Latin and still no plain ones: small capitals, strokes, other alphabets.
ODD_LETTERS = str.maketrans(
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıȷɩӏӀɑɐәøØłŁđĐħŧƀɓɗɘɛəɜոօսհցѵԝԛґєѡʋɯ",
    "abcdefghijklmnoprstuvwyzijilIaaeoOlLdDhtbbdeeeenouhgvwqrewvm",
)
LIGATURES = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"}
# Digits and signs that stand for letters inside a word, and nowhere else.
LEET = str.maketrans("013457@$!|", "oieastasil")
LEET_WORD = regex.compile(
    r"(?<![\w@#$/.])"
    r"(?!\d+(?:st|nd|rd|th|am|pm|km|kg|m|ft|yr|yo|hrs?|mins?|x\d+|k|er|eme|e|h\d*)\b)"
    r"(?=\w*\p{Ll})(?=[\d@$!|]*\p{L}[\w@$!|]*\p{L})"
    r"(?=[\w$!|]*[013457@$!|][\w$!|]*\p{L}|\p{L}{2,}[013457])"
    r"[\p{L}013457@$!|]{4,}(?![\w/@]|\.\w)"
)
LINE_IN_A_SENTENCE = regex.compile(r"(?<=[\p{Ll},])\n(?=\p{Ll})")
SPACED_WORD = regex.compile(r"(?<![\p{L}\d])\p{L}(?:([ ._*-])\p{L})(?:\1\p{L}){2,}(?![\p{L}\d])")
SOFT = {"Mn", "Cf", "Me"}  # accents, marks, and what has no width


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and for each of its characters the place it was typed at."""

    text: str
    places: tuple[int, ...]
    typed: int  # how long the text as typed is

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From a stretch of the folded text to one of the text as typed, in code points."""
        if start >= end:
            return (self.typed, self.typed)
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Without accents, look-alikes and hidden characters. Case and digits stay."""
    pairs = [(letter, at) for at, typed in enumerate(text) for letter in plain(typed)]
    first = folded(pairs, len(text))
    return replace(first, text=LINE_IN_A_SENTENCE.sub(" ", first.text))


def see_through(text: str) -> Folded:
    """Folded, and with words mended that were spelt to slip past: v1ctim, v i c t i m."""
    first = fold(text)
    letters: list[str] = list(first.text)
    for found in LEET_WORD.finditer(first.text):
        letters[found.start() : found.end()] = found.group().translate(LEET)
    for found in SPACED_WORD.finditer(first.text):
        for gap in range(found.start() + 1, found.end(), 2):
            # "J o h n S m i t h" is two words: a capital begins the next.
            if not (letters[gap - 1].islower() and letters[gap + 1].isupper()):
                letters[gap] = ""
    pairs = [(x, at) for x, at in zip(letters, first.places, strict=True) if x]
    return folded(pairs, len(text))


def plain(letter: str) -> str:
    """One typed character as it is compared: nothing, one or several."""
    if letter.isascii():
        return letter
    if letter in LIGATURES:
        return LIGATURES[letter]
    spread = unicodedata.normalize("NFKD", letter.translate(LOOK_ALIKES).translate(ODD_LETTERS))
    return "".join(x.translate(LOOK_ALIKES) for x in spread if unicodedata.category(x) not in SOFT)


def folded(pairs: Iterable[tuple[str, int]], typed: int) -> Folded:
    pairs = list(pairs)
    return Folded("".join(p[0] for p in pairs), tuple(p[1] for p in pairs), typed)
