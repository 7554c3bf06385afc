"""`matching.Matcher` for many posts at once: phrases as numbers in one table.

A watch term, an exclusion and a place are all phrases; each phrase says which groups it is
in, and a group is one topic's terms of one language. What a topic makes of its groups is the
same few rules as in `matching`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.compiled import COMPILED, compiled
from commonground.hear.engine.hashing import in_order, phrase_number
from commonground.hear.engine.kernels import follow
from commonground.hear.engine.matching import Terms, Watch
from commonground.hear.engine.tables import Table, found, table
from commonground.hear.engine.tokens import Tokens
from commonground.hear.engine.words import words

WATCH, EXCLUDE, PLACE = range(3)
TOPICS_A_WORD = 64


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Made once for an agency's topics (t of them; g groups; l languages, counted from one).

    `phrases`: number of a phrase -> place in `spans` int32[p+1], which cut `groups_of` int32 into
    the groups each phrase is in. `topic_of`, `role_of` int32[g]. `has` bool[t, 2, 1+l]: whether a
    topic has watch terms or exclusions in a language; `lang_of` int32[g]; `placed` bool[t].
    """

    names: tuple[str, ...]
    languages: tuple[str, ...]
    phrases: Table
    spans: NDArray[np.int32]
    groups_of: NDArray[np.int32]
    topic_of: NDArray[np.int32]
    role_of: NDArray[np.int32]
    lang_of: NDArray[np.int32]
    has: NDArray[np.bool_]
    placed: NDArray[np.bool_]
    longest: int

    def topics_of(
        self, said: Tokens, lang: NDArray[np.int16], *, near: bool = True
    ) -> NDArray[np.uint64]:
        """Bits of the topics each post speaks of. Tokens of n posts, int16[n] -> uint64[n, t/64].

        `lang`: place in `Languages(self.languages)`.
        """
        out = np.zeros((len(said), -(-len(self.names) // TOPICS_A_WORD)), np.uint64)
        if not self.phrases.entries:
            return out
        match = matched if COMPILED else plainly_matched
        match(
            said.numbers, said.starts, lang, near, self.phrases.keys, self.phrases.values,
            self.spans, self.groups_of, self.topic_of, self.role_of, self.lang_of, self.has,
            self.placed, self.longest, out,
        )  # fmt: skip
        return out

    def named(self, bits: NDArray[np.uint64]) -> tuple[str, ...]:
        """The names of one post's topics, in the order they were given. uint64[t/64]."""
        places = range(len(self.names))
        return tuple(self.names[t] for t in places if int(bits[t // 64]) >> (t % 64) & 1)


def phrasebook(watches: Iterable[Watch]) -> Phrasebook:
    watches = list(watches)
    languages = tuple(sorted({lang for w in watches for lang in (*w.watch, *w.exclude)}))
    place = {lang: n for n, lang in enumerate(languages, 1)}
    has = np.zeros((len(watches), 2, len(languages) + 1), np.bool_)
    groups: list[tuple[int, int, int]] = []
    holders: dict[int, list[int]] = {}
    lengths = [0]
    for topic, role, lang, terms in listed(watches):
        if role != PLACE:
            has[topic, role, place[lang]] = True
        for phrase in (words(term) for term in terms):
            if phrase:
                lengths.append(len(phrase))
                holders.setdefault(phrase_number(phrase), []).append(len(groups))
        groups.append((topic, role, place.get(lang, 0)))
    spans = np.cumsum([0, *map(len, holders.values())], dtype=np.int32)
    flat = [group for listed_ in holders.values() for group in listed_]
    by_column = np.array(groups, np.int32).reshape(-1, 3)
    return Phrasebook(
        tuple(w.name for w in watches), languages,
        table(dict(zip(holders, count()))), spans, np.array(flat, np.int32),
        by_column[:, 0].copy(), by_column[:, 1].copy(), by_column[:, 2].copy(),
        has, np.array([bool(w.places) for w in watches], np.bool_), max(lengths),
    )  # fmt: skip


def listed(watches: Sequence[Watch]) -> Iterator[tuple[int, int, str, Sequence[str]]]:
    """Every group there is: topic, role, language, terms."""
    for topic, watch in enumerate(watches):
        for role, terms in ((WATCH, watch.watch), (EXCLUDE, watch.exclude)):
            yield from ((topic, role, lang, said) for lang, said in spoken(terms))
        yield topic, PLACE, "", watch.places


def spoken(terms: Terms) -> list[tuple[str, Sequence[str]]]:
    return [(lang, said) for lang, said in terms.items() if said]


@compiled
def matched(
    numbers: NDArray[np.uint64], starts: NDArray[np.int64], lang: NDArray[np.int16], near: bool,
    keys: NDArray[np.uint64], values: NDArray[np.int32], spans: NDArray[np.int32],
    groups_of: NDArray[np.int32], topic_of: NDArray[np.int32], role_of: NDArray[np.int32],
    lang_of: NDArray[np.int32], has: NDArray[np.bool_], placed: NDArray[np.bool_], longest: int,
    out: NDArray[np.uint64],
) -> None:  # fmt: skip
    topics = placed.size
    # Which post last gave a topic what it asks for, by role: nothing has to be wiped.
    given = np.full((topics, 3), -1, np.int64)
    for i in range(starts.size - 1):
        end = starts[i + 1]
        watched = False
        for j in range(starts[i], end):
            phrase = np.uint64(0)
            for at in range(j, min(j + longest, end)):
                phrase = follow(phrase, numbers[at])
                p = found(phrase, keys, values)
                if p < 0:
                    continue
                for g in range(spans[p], spans[p + 1]):
                    group = groups_of[g]
                    t, role = topic_of[group], role_of[group]
                    # Terms of another language count only where it has none in this one.
                    if role == PLACE or lang_of[group] == lang[i] or not has[t, role, lang[i]]:
                        given[t, role] = i
                        watched = watched or role == WATCH
        if not watched:
            continue
        for t in range(topics):
            if given[t, WATCH] != i or given[t, EXCLUDE] == i:
                continue
            if near or not placed[t] or given[t, PLACE] == i:
                out[i, t // 64] |= np.uint64(1) << np.uint64(t % 64)


def plainly_matched(
    numbers: NDArray[np.uint64], starts: NDArray[np.int64], lang: NDArray[np.int16], near: bool,
    keys: NDArray[np.uint64], values: NDArray[np.int32], spans: NDArray[np.int32],
    groups_of: NDArray[np.int32], topic_of: NDArray[np.int32], role_of: NDArray[np.int32],
    lang_of: NDArray[np.int32], has: NDArray[np.bool_], placed: NDArray[np.bool_], longest: int,
    out: NDArray[np.uint64],
) -> None:  # fmt: skip
    """The same without a compiler."""
    entries = {int(k): int(v) for k, v in zip(keys, values, strict=True) if v >= 0}
    flat = numbers.tolist()
    for i, (start, end) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)):
        spans_ = ((a, b) for a in range(start, end) for b in range(a, min(a + longest, end)))
        phrases = {entries.get(in_order(flat[a : b + 1]), -1) for a, b in spans_} - {-1}
        groups = {int(g) for p in phrases for g in groups_of[spans[p] : spans[p + 1]]}
        given = {
            (int(topic_of[g]), int(role_of[g]))
            for g in groups
            if role_of[g] == PLACE or lang_of[g] == lang[i]
            or not has[topic_of[g], role_of[g], lang[i]]
        }  # fmt: skip
        for t in range(placed.size):
            there = near or not placed[t] or (t, PLACE) in given
            if there and (t, WATCH) in given and (t, EXCLUDE) not in given:
                out[i, t // 64] |= np.uint64(1) << np.uint64(t % 64)
