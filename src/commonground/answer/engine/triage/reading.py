"""A message laid out for the triage: its signs, its words, and pieces of its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations

import regex

from commonground.answer.engine.triage import signs
from commonground.say.engine.coach.folding import fold
from commonground.say.engine.coach.reading import found_out

LANGUAGES = ("en", "fr")
LONGEST = 4000  # characters that are read; whoever writes more has said it by then
TOKEN = regex.compile(r"[\w']+|[?!]|\p{Extended_Pictographic}")
PIECES = (3, 4, 5)  # letters: wordings survive their misspelling
type Span = tuple[int, int]


class Message:
    """One message. Everything is found in folded text; `quote` gives it back as it was typed."""

    def __init__(self, text: str, language: str | None = None) -> None:
        self.text = text[:LONGEST]
        self.folded = fold(self.text)
        self.plain = "".join(x if len(x.lower()) != 1 else x.lower() for x in self.folded.text)
        self.language = language if language in LANGUAGES else found_out(self.folded.text)

    @cached_property
    def tokens(self) -> list[tuple[str, Span]]:
        return [(hit.group(), hit.span()) for hit in TOKEN.finditer(self.plain)]

    @cached_property
    def signs(self) -> dict[str, list[Span]]:
        return dict(signs.found(self.language, self.plain))

    def features(self) -> Iterator[tuple[str, list[Span]]]:
        """Each feature, and the stretches of text it comes from. Names: `sign`, `sign+sign`,
        `en:word`, `en:word word`, `en~piece`."""
        yield from self.signs.items()
        for one, other in combinations(sorted(self.signs), 2):
            yield f"{one}+{other}", self.signs[one] + self.signs[other]
        yield from gathered(self.said())

    def said(self) -> Iterator[tuple[str, Span]]:
        """Words, neighbours, and pieces of words, each as often as it is there."""
        for word, span in self.tokens:
            yield f"{self.language}:{word}", span
            for piece in pieces(word):
                yield f"{self.language}~{piece}", span
        for (one, (start, _)), (other, (_, end)) in zip(self.tokens, self.tokens[1:], strict=False):
            yield f"{self.language}:{one} {other}", (start, end)

    def quote(self, span: Span) -> str:
        start, end = self.folded.span(*span)
        return self.text[start:end]


def pieces(word: str) -> Iterator[str]:
    word = f" {word} "
    for length in PIECES:
        for start in range(len(word) - length + 1):
            yield word[start : start + length]


def gathered(said: Iterable[tuple[str, Span]]) -> Iterator[tuple[str, list[Span]]]:
    """Each name once, with all its places."""
    places: dict[str, list[Span]] = {}
    for name, span in said:
        places.setdefault(name, []).append(span)
    yield from places.items()
