"""What looks like something else: signs nobody sees, letters of another alphabet, false addresses.

Words are pasted from elsewhere, and what comes along may turn a line round on the screen or send a
reader to a stranger. Source: Unicode Technical Standard 39 (mixed scripts) and Annex 9 (controls).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import regex

from commonground.say.engine.coach.reading import LINK, Reading
from commonground.say.engine.coach.remarks import Found

# Turns the order of what follows, or has no width. A joiner is at home between the letters of
# some scripts and inside an emoji, and a mark of direction in a text that runs from the right.
HIDDEN = regex.compile(
    r"[\u202a\u202b\u202d\u202e\u2060-\u2064\ufeff\u00ad\u180e\u115f\u1160\u3164\u2800]"
    # Thai, Khmer, Lao and Burmese are written without blanks: there it parts words.
    r"|(?<![\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}])\u200b"
    # Joiners are at home in scripts whose letters join, and in emoji.
    r"|(?<![^\p{Latin}\p{Greek}\p{Cyrillic}\p{Common}\p{Inherited}]\p{M}*"
    r"|[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[\u200c\u200d]"
)
ISOLATE = regex.compile(r"[\u202c\u2066-\u2069]")
FROM_THE_RIGHT = regex.compile(r"[\p{Arabic}\p{Hebrew}]")
DIRECTION = regex.compile(r"[\u200e\u200f\u061c]")
WORD = regex.compile(r"\w{3,}")
LATIN, LOOKS_LATIN = regex.compile(r"\p{Latin}"), regex.compile(r"[\p{Cyrillic}\p{Greek}]")
UNITS = regex.compile(r"\d*\p{Latin}{0,3}[αβγδµμπσΩΔ]\d*\p{Latin}{0,2}")


def disguised(reading: Reading) -> Iterator[Found]:
    text = reading.text
    for sign in HIDDEN.finditer(text):
        yield hidden(text, sign.start())
    if not FROM_THE_RIGHT.search(text):
        for pattern in (DIRECTION, ISOLATE):
            for sign in pattern.finditer(text):
                yield hidden(text, sign.start())
    for word in WORD.finditer(text):
        if of_two_alphabets(word.group()):
            yield Found("two_alphabets", word.start(), word.end(), 0, (("mark", word.group()),))
    yield from false_addresses(text)


def of_two_alphabets(word: str) -> bool:
    """Latin letters beside those of an alphabet that has the same shapes; units are none."""
    both = LATIN.search(word) and LOOKS_LATIN.search(word)
    return bool(both) and not UNITS.fullmatch(word)


def hidden(text: str, at: int) -> Found:
    """Quoted with a letter on either side, for by itself there is nothing to see."""
    code = (("code", f"U+{ord(text[at]):04X}"),)
    return Found("hidden_sign", max(at - 1, 0), min(at + 2, len(text)), 0, code)


def false_addresses(text: str) -> Iterator[Found]:
    """What stands before an @ in a link looks like where it leads, and is not."""
    for link in LINK.finditer(text):
        try:
            parts = urlsplit(link.group() if "//" in link.group() else f"https://{link.group()}")
            host = parts.hostname or ""
        except ValueError:
            continue
        name, _, last = host.rpartition(".")
        borrowed = LOOKS_LATIN.search(name) and last.isascii()
        foreign = borrowed or host.startswith("xn--") or ".xn--" in host
        if parts.username is not None or foreign:
            yield Found("false_address", link.start(), link.end(), 0, (("host", host),))
