"""Letters as a reader sees them, whatever was typed to look like them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Letters of other scripts, and small capitals, that pass for a Latin one (Unicode TR 39).
LOOK_ALIKES = {
    ord(other): latin
    for latin, others in {
        "a": "аαᴀɑ", "b": "вʙ", "c": "сᴄ", "d": "ԁᴅđ", "e": "еεᴇ", "g": "ɢɡ",
        "h": "нʜһ", "i": "іιıɪ", "j": "јᴊ", "k": "кκᴋ", "l": "łʟ", "m": "мᴍ", "n": "ηɴ",
        "o": "оοᴏø", "p": "рρᴘ", "r": "гʀ", "s": "ѕꜱ", "t": "тτᴛ", "u": "υᴜ", "v": "νᴠ",
        "w": "ᴡԝ", "x": "хχ", "y": "уʏ", "z": "ᴢ",
    }.items()
    for other in others
}  # fmt: skip
LEET = str.maketrans("013457@$!", "oieastasi")
CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[a-zà-ÿ])(?=[À-Ý])")
TOKEN = re.compile(r"[^\W_]+")
APART = re.compile(r"(?<![^\W_])(?:[^\W_][\W_]{1,3}){3,}[^\W_](?![^\W_])")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: folded, with whether it was written as a name is, and where it ends."""

    folded: str
    capital: bool
    written: str


def visible(text: str) -> str:
    """Without what no reader sees, and with every letter in its usual form."""
    usual = unicodedata.normalize("NFKC", text)
    return "".join(c for c in usual if unicodedata.category(c) not in ("Cf", "Cc", "Co", "Cs"))


def plain(word: str) -> str:
    """Small, without accents, and letters that only look Latin made Latin."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    latin = bare.translate(LOOK_ALIKES)
    return latin if latin.isascii() else bare


def words_of(text: str, *, parted: bool = True) -> list[Word]:
    """Words in order: jane_doe and jane.doe are two; `parted`: JaneDoe too."""
    seen = visible(text).replace("’", "'")
    return [word(m.group()) for m in TOKEN.finditer(CAMEL.sub(" ", seen) if parted else seen)]


def word(written: str) -> Word:
    capital = written[0].isupper() and not (len(written) > 1 and written.isupper())
    return Word(plain(written), capital, written)


def mixes_scripts(text: str) -> str:
    """The first word written in two scripts at once, which nobody does by accident."""
    for found in TOKEN.finditer(visible(text)):
        token = found.group()
        if len({script(c) for c in token if c.isalpha()} - {""}) > 1:
            return token
    return ""


def script(letter: str) -> str:
    """Latin, Cyrillic, Greek, small capitals; others are not asked."""
    name = unicodedata.name(letter, "")
    for one in ("LATIN LETTER SMALL CAPITAL", "LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"):
        if name.startswith(one):
            return one
    return ""


def written_apart(text: str) -> str:
    """Single letters in a row, put together: J a n e. Four may be an abbreviation: R.C.M.P."""
    found = APART.search(visible(text))
    return "".join(TOKEN.findall(found.group())) if found else ""


def without_leet(folded: str) -> str:
    """J4n3 as jane; a word without letters, or without digits, stays."""
    if folded.isalpha() or folded.isdigit():
        return folded
    return folded.translate(LEET)
