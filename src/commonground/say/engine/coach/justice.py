"""Procedural justice: voice, neutrality, respect, trustworthy motives (Tyler).

Only what a text itself can show: whether it says why, what happens next and how to be heard,
whether it thanks and apologises where that is due, and whether it looks down on anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from commonground.say.engine.coach.lists import Lists, lists
from commonground.say.engine.coach.reading import Reading
from commonground.say.engine.coach.remarks import Found

LONG_ENOUGH = 8  # words; a shorter text has no room for reasons


def unjust(reading: Reading) -> Iterator[Found]:
    words, known = reading.words.text, lists(reading.language)
    for match in known["disrespect"].finditer(words):
        yield Found("disrespect", *reading.words.span(*match.span()))
    if len(reading.spoken_words) >= LONG_ENOUGH:
        yield from missing(reading, words, known)


def missing(reading: Reading, words: str, known: Lists) -> Iterator[Found]:
    """What a text of this kind should say and does not."""
    for rule, due, said in (
        ("no_reason", "asks_something", "gives_a_reason"),
        ("no_next", "something_serious", "says_what_is_next"),
        ("no_apology", "our_mistake", "apologises"),
        ("no_thanks", "people_helped", "thanks"),
    ):
        match = known[due].search(words)
        if match and not known[said].search(words):
            yield Found(rule, *reading.words.span(*match.span()))
