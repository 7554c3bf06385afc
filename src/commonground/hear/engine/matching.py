"""Which of the agency's topics a post speaks of: its watch terms, as whole words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from commonground.hear.engine.words import words

type Terms = Mapping[str, Sequence[str]]  # language -> terms
type Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """A topic as the matcher needs it."""

    name: str
    watch: Terms
    exclude: Terms = field(default_factory=dict)


class Phrases:
    """A set of phrases that can be looked for in any text at once, by their first word."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.by_first: dict[str, list[Phrase]] = {}
        for term in terms:
            phrase = tuple(words(term))
            if phrase and phrase not in self.by_first.setdefault(phrase[0], []):
                self.by_first[phrase[0]].append(phrase)

    def within(self, text: Sequence[str]) -> bool:
        return any(
            tuple(text[place : place + len(phrase)]) == phrase
            for place, word in enumerate(text)
            for phrase in self.by_first.get(word, ())
        )


class Matcher:
    """All topics, made ready once, asked for every post."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self.topics = [
            (w.name, by_language(w.watch), by_language(w.exclude)) for w in watches if w.watch
        ]

    def topics_of(self, text: str, lang: str = "") -> tuple[str, ...]:
        """Names of the topics, in the order they were given."""
        return self.topics_in(words(text), lang)

    def topics_in(self, said: Sequence[str], lang: str = "") -> tuple[str, ...]:
        return tuple(
            name
            for name, watch, exclude in self.topics
            if fits(watch, said, lang) and not fits(exclude, said, lang)
        )


def by_language(terms: Terms) -> dict[str, Phrases]:
    return {lang: Phrases(listed) for lang, listed in terms.items() if listed}


def fits(phrases: Mapping[str, Phrases], said: Sequence[str], lang: str) -> bool:
    """In the post's own language where the topic has terms in it, else in any it has.

    "Pain" is bread in French; but a language nobody wrote terms for should not hear nothing.
    """
    asked = [phrases[lang]] if lang in phrases else phrases.values()
    return any(p.within(said) for p in asked)
