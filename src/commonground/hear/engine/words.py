"""Text to words, the same way for a watch term, a post and a resource."""

from __future__ import annotations

import re
import unicodedata

# Languages that write no spaces: every two neighbouring signs stand for a word.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|@[\w.@-]+|&\w{2,6};")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
FORWARDED = re.compile(r"^(?:rt|mt)\b[\s:]*(?:@\S+[\s:]*)?", re.IGNORECASE)


def fold(text: str) -> str:
    """The text without case and accents: Évacuation, EVACUATION and evacuation are one."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in apart if not unicodedata.combining(c)).casefold()
    # NFKD takes Korean syllables apart; put them together again.
    return unicodedata.normalize("NFC", plain)


def words(text: str) -> list[str]:
    """The folded words of a text in order, without links, mentions and forwarding marks."""
    bare = NOT_WORDS.sub(" ", FORWARDED.sub("", text))
    found = [w.replace("’", "'").removesuffix("'s") for w in WORD.findall(fold(bare))]
    if bare.isascii():
        return found
    return [part for word in found for part in pieces(word)]


def pieces(word: str) -> list[str]:
    """A run of unspaced script as pairs of signs; any other word as it is."""
    if len(word) < 3 or not UNSPACED.fullmatch(word):
        return [word]
    return [word[i : i + 2] for i in range(len(word) - 1)]
