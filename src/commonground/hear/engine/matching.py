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
    places: Sequence[str] = ()


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


@dataclass(frozen=True, slots=True)
class Ready:
    name: str
    watch: Mapping[str, Phrases]
    exclude: Mapping[str, Phrases]
    places: Phrases | None


class Matcher:
    """All topics, made ready once, asked for every post."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self.topics = [
            Ready(
                w.name,
                by_language(w.watch),
                by_language(w.exclude),
                Phrases(w.places) if w.places else None,
            )
            for w in watches
        ]

    def topics_of(self, text: str, lang: str = "", *, near: bool = True) -> tuple[str, ...]:
        """Names of the topics a post speaks of, in the order they were given.

        From a source that is `near` - our own town's - a post need not name the town. From a
        whole network it must, where the topic has places.
        """
        said = words(text)
        return tuple(
            topic.name
            for topic in self.topics
            if fits(topic.watch, said, lang)
            and (near or topic.places is None or topic.places.within(said))
            and not fits(topic.exclude, said, lang)
        )


def by_language(terms: Terms) -> dict[str, Phrases]:
    return {lang: Phrases(listed) for lang, listed in terms.items() if listed}


def fits(phrases: Mapping[str, Phrases], said: Sequence[str], lang: str) -> bool:
    """In the post's own language where the topic has terms in it, else in any it has.

    "Pain" is bread in French; but a language nobody wrote terms for should not hear nothing.
    """
    asked = [phrases[lang]] if lang in phrases else phrases.values()
    return any(p.within(said) for p in asked)
