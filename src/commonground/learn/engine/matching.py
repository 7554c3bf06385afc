"""Whether an article is about something we follow: shared words, places and time, with the reason.

Points are added up, and the sum is compared with one number; nothing is learned and nothing is
hidden. Whoever reads the table sees what was shared and says "not this one" where it is wrong.

2 for each word of the thing itself (the terms a moment was raised by, the name of a campaign)
2 for each place of it
1 for each word of the messages, four at most, for messages use the words of everyday
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commonground.learn.engine.article import LONGEST
from commonground.learn.engine.facts import facts_of
from commonground.learn.engine.wording import folded, words_of

OWN, PLACE, OF_MESSAGES, MOST_OF_MESSAGES = 2, 2, 1, 4
NEEDED = 5  # two words of its own and one more sign: one shared word is no subject
# A word that so many of an agency's articles have says nothing of any one of them.
COMMON, ENOUGH = 0.2, 25
BEFORE = timedelta(hours=12)  # a paper may be there before the desk
AFTER = timedelta(days=7)  # and write of it for a week


@dataclass(frozen=True, slots=True)
class Subject:
    """What is followed. own: its terms; places: as people call them; until: None while it runs."""

    own: tuple[str, ...]
    places: tuple[str, ...]
    messages: tuple[str, ...]
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Match:
    """Why an article was taken for one about a subject, or not. Words as the subject has them."""

    own: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    of_messages: tuple[str, ...] = ()
    in_time: bool = False

    @property
    def points(self) -> int:
        said = min(len(self.of_messages) * OF_MESSAGES, MOST_OF_MESSAGES)
        return len(self.own) * OWN + len(self.places) * PLACE + said

    @property
    def fits(self) -> bool:
        return self.in_time and bool(self.own or self.places) and self.points >= NEEDED

    def as_dict(self) -> dict[str, object]:
        return {
            "own": list(self.own), "places": list(self.places),
            "of_messages": list(self.of_messages), "points": self.points, "needed": NEEDED,
        }  # fmt: skip


def stems_of(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words_of(text[:LONGEST]))


def common_among(articles: Sequence[frozenset[str]]) -> frozenset[str]:
    """Stems that more than a fifth of the articles have; of fewer than 25 nothing can be said."""
    if len(articles) < ENOUGH:
        return frozenset()
    held = Counter(stem for stems in articles for stem in stems)
    return frozenset(stem for stem, n in held.items() if n > COMMON * len(articles))


def match(subject: Subject, text: str, at: datetime, common: frozenset[str] = frozenset()) -> Match:
    """text: headline and words of the article; at: when it was published; common: stems that
    count for nothing. A word counts once, under the first heading it stands under."""
    there = stems_of(text) - common
    own = shared(by_stem(subject.own), there)
    places = named(subject.places, text)
    taken = set(by_stem(subject.own)) | set(by_stem(subject.places))
    said = {s: w for s, w in by_stem(subject.messages).items() if s not in taken}
    return Match(own, places, shared(said, there), in_time(subject, at))


def in_time(subject: Subject, at: datetime) -> bool:
    over = subject.until is not None and at > subject.until + AFTER
    return at >= subject.since - BEFORE and not over


def by_stem(texts: Iterable[str]) -> dict[str, str]:
    """Each stem of these texts, with a word that has it as it is written there."""
    found: dict[str, str] = {}
    for text in texts:
        for written in text.split():
            for word in words_of(written):
                found.setdefault(word.stem, written.strip(".,;:!?…“”\"«»()'’").casefold())
    return found


def shared(words: Mapping[str, str], there: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(written for stem, written in words.items() if stem in there))


def named(places: Sequence[str], text: str) -> tuple[str, ...]:
    """Those places whose whole name stands in the text."""
    plain = f" {' '.join(words_only(text))} "
    names = {place: " ".join(words_only(place)) for place in places}
    return tuple(place for place, name in names.items() if name and f" {name} " in plain)


def words_only(text: str) -> list[str]:
    kept = "".join(c if c.isalnum() else " " for c in folded(text[:LONGEST]))
    return kept.split()


def ways_in(text: str) -> tuple[str, ...]:
    """Streets and roads that a text names, by the word that tells them apart from others."""
    return tuple(fact.value for fact in facts_of(text) if fact.kind == "way")
