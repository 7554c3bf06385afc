"""The words of a message, as they are looked for: whole words, whatever their case or accents."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"\w+")
SHORTEST, LONGEST = 3, 40  # letters
MOST = 120  # different words of one message
# They are in every other message: to look for them finds nothing, and how often a mark is there
# would tell whoever copies the database which word it stands for.
COMMON = frozenset(
    re.findall(
        r"\w+",
        "the and you for are that this with have was not but your can all they her his has had"
        " what who why how when out from our its les des est une que qui pour pas vous sur dans"
        " par avec mais plus cest votre nous sont elle ils bonjour merci thank thanks please hello",
    )
)


def words_in(text: str) -> list[str]:
    """Each once, in its order; common and very short ones left out."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    fit = (w[:LONGEST] for w in WORD.findall(bare) if len(w) >= SHORTEST)
    return list(dict.fromkeys(w for w in fit if w not in COMMON))[:MOST]
