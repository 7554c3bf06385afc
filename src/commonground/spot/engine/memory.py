"""What the detector remembers of the last day: posts, their terms, and how alarming each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Protocol

from commonground.hear.engine.coarse import Vectors
from commonground.hear.engine.embedding import Embedder
from commonground.hear.engine.heard import Told
from commonground.hear.engine.words import words
from commonground.spot.engine import naming
from commonground.spot.engine.counting import DAY, HOUR, Said, Volume, faded
from commonground.spot.engine.likeness import MOST_COMPARED, Likeness, Rows
from commonground.spot.engine.sameness import Sameness
from commonground.spot.engine.screen import Near, Screen
from commonground.spot.engine.signs import ANY, Signs
from commonground.spot.engine.surprise import surprise, usual
from commonground.spot.engine.terms import terms_of

# A kind of trouble is spoken of by hundreds of words, so before it was ever heard it is taken to
# be commoner than any one word: four times as common.
KIND_PRIOR = 1.5
MOST_WEIGHED = 200  # posts of a term, the newest; ten thousand more would say the same
PRIOR_WEIGHT = 0.5  # fainter than this a term is as good as never heard


@dataclass(frozen=True, slots=True)
class Heard:
    """A post as it was taken in: its terms, its number, and whether its words were new."""

    post: Told
    terms: list[str]
    number: int
    new: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Posts that say a term, by their numbers: all, the newest few, how alarming they are."""

    posts: frozenset[int]
    newest: tuple[int, ...]
    relevance: float


class Census(Protocol):
    """Every term's voices in the whole stream, read or not; windows in seconds."""

    def before(self, term: str, seconds: int) -> float: ...

    def surprise(self, term: str, seconds: int, share: float = 1.0) -> float: ...


class Memory:
    def __init__(self, signs: Signs, embedder: Embedder) -> None:
        self.signs = signs
        self.embedder = embedder
        self.screen = Screen.starter(embedder)
        self.likeness = Likeness(embedder)
        self.said: dict[str, Said] = {}
        self.volume = Volume()
        self.sameness = Sameness()
        self.posts: dict[int, Told] = {}
        self.terms: dict[int, list[str]] = {}
        self.alarming: dict[int, float] = {}  # 0, 1/2 or 1: by a sign, by the screen, by both
        # Within one slice, where many terms stand in the same posts.
        self.known: dict[tuple[int, ...], float] = {}
        self.seen: dict[tuple[int, ...], Mapping[str, Rows]] = {}
        # Who counted every post, when only some of them come here: what we were not given, we
        # can neither know to be usual nor count.
        self.census: Census | None = None
        self.passed_by = False  # in this slice posts went by that we were not given
        self.heard = 0
        self.began_at = 0.0
        self.screens_since = 0.0  # from then on posts are judged by the screen too
        self.swept_at = 0.0

    def take(self, posts: Iterable[Told]) -> list[Heard]:
        """Count each post once; copies are returned too, but not counted."""
        self.known.clear()
        self.seen.clear()
        posts = list(posts)
        said = [words(post.text) for post in posts]
        vectors = self.embedder.embed([post.text for post in posts])
        nearness = self.screen.nearness(vectors)
        near = self.screen.judge(nearness, [post.lang for post in posts])
        new = [not self.sameness.again(w, p.at) for w, p in zip(said, posts, strict=True)]
        self.learn(posts, (vectors, nearness), near, new)
        return [self.one(*each) for each in zip(posts, said, near, new, strict=True)]

    def learn(
        self,
        posts: Sequence[Told],
        how: tuple[Vectors, Vectors],  # each post's vector, and its nearness to each phrase
        near: Sequence[Near],
        new: Sequence[bool],
    ) -> None:
        """What is usual here, by what people say themselves: a thousand copies teach nothing."""
        own = [n for n, is_new in enumerate(new) if is_new]
        languages = [posts[n].lang for n in own]
        vectors, nearness = how
        self.screen.learn(nearness[own], languages)
        self.likeness.learn(vectors[own], languages, [near[n].alarming for n in own])

    def one(self, post: Told, said: Sequence[str], near: Near, new: bool) -> Heard:
        self.began_at = self.began_at or post.at
        if self.screen.knows:
            self.screens_since = self.screens_since or post.at
        kinds = self.signs.kinds_in(said)
        terms = terms_of(said) + talk_of(kinds, near, post.topics)
        if not new:
            self.repeated(post, terms)
            return Heard(post, terms, 0, new=False)
        self.volume.add([post.at])
        self.heard += 1
        self.posts[self.heard], self.terms[self.heard] = post, terms
        alarming = (bool(kinds) + near.alarming) / 2
        self.alarming[self.heard] = 1.0 if post.topics else alarming
        for term in terms:
            self.said.setdefault(term, Said()).by(post.voice, post.at, self.heard)
        return Heard(post, terms, self.heard, new=True)

    def repeated(self, post: Told, terms: Sequence[str]) -> None:
        for term in terms:
            if term in self.said:
                self.said[term].by(post.voice, post.at, 0)

    def relevance(self, numbers: Sequence[int]) -> float:
        """How alarming these posts are on the whole, from 0 to 1."""
        known = [self.alarming[n] for n in numbers[-MOST_WEIGHED:] if n in self.alarming]
        return sum(known) / len(known) if known else 0.0

    def evidence(self, term: str, start: float) -> Evidence:
        """What says the term since then."""
        numbers = self.said[term].posts_since(start)
        newest = tuple(numbers[-MOST_COMPARED:])
        return Evidence(frozenset(numbers), newest, self.relevance(numbers))

    def oneness(self, newest: tuple[int, ...]) -> float:
        """Whether these posts speak of one thing, from 0 to 1."""
        if newest not in self.known:
            self.known[newest] = self.likeness.of(self.rows(newest))
        return self.known[newest]

    def alike(self, some: tuple[int, ...], others: tuple[int, ...]) -> float:
        """How alike two groups of posts are: 1 is as alike as few are by chance."""
        return self.likeness.between(self.rows(some), self.rows(others))

    def newest(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """The few posts a group is judged by, the oldest first."""
        held = (n for n in numbers if n in self.posts)
        return tuple(reversed(nlargest(MOST_COMPARED, held)))

    def rows(self, numbers: tuple[int, ...]) -> Mapping[str, Rows]:
        """The vectors of some posts, by language."""
        if numbers not in self.seen:
            self.seen[numbers] = self.likeness.rows(self.held(numbers))
        return self.seen[numbers]

    def voices(self, numbers: Iterable[int]) -> set[str]:
        """Who said these posts; where nobody is named each post is a voice of its own."""
        return {self.posts[n].voice for n in numbers if n in self.posts}

    def held(self, numbers: Iterable[int]) -> list[Told]:
        return [self.posts[n] for n in numbers if n in self.posts]

    def usual(self, term: str, seconds: int, posts_now: int, now: float) -> float:
        """Voices that say the term in a window of so many posts, before this one began."""
        return usual(*self.before(term, seconds, posts_now, now), posts_now)

    def surprise(self, term: str, seconds: int, posts_now: int, now: float) -> tuple[float, int]:
        """How surprising the term's voices in the window are, and how many they are."""
        count = self.said[term].believed_since(now - seconds)
        before, posts_before = self.before(term, seconds, posts_now, now)
        return surprise(count, before, posts_before, posts_now), count

    def surprise_of_all(self, term: str, seconds: int, now: float) -> float:
        """The same by all that was heard, where only some of it came here; else 0.

        Of the voices counted out there no larger part is believed than of those that came here.
        """
        if not (self.census and self.passed_by):
            return 0.0
        said = self.said[term]
        believed = said.believed_since(now - seconds) / max(1, said.heard_since(now - seconds))
        return self.census.surprise(term, seconds, believed)

    def before(self, term: str, seconds: int, posts_now: int, now: float) -> tuple[float, float]:
        """What was said before the window: all that fades, less what is in the window.

        A surge must not teach us, while it lasts, that it is usual.
        """
        said = self.said[term]
        faded_window = faded(1.0, seconds / 2)
        heard = said.weighed_since(now - seconds)
        before = max(0.0, said.weight_at(now) - heard * faded_window)
        if self.census:
            before = max(before, self.census.before(term, seconds))
        before += KIND_PRIOR * naming.is_kind(term)
        posts_before = max(0.0, self.volume.weight_at(now) - posts_now * faded_window)
        return before, posts_before

    def take_back(self, upstreams: set[str]) -> None:
        """Forget the words of posts deleted upstream; that they were counted stays."""
        for number in [n for n, post in self.posts.items() if post.upstream in upstreams]:
            del self.posts[number], self.terms[number]

    def forget(self, now: float) -> set[int]:
        """Drop what is older than a day, once an hour; the numbers of what was dropped."""
        if now - self.swept_at < HOUR:
            return set()
        self.swept_at = now
        self.said = {term: said for term, said in self.said.items() if lives(said, now)}
        old = {n for n, post in self.posts.items() if post.at < now - DAY}
        for number in old:
            del self.posts[number], self.terms[number]
        self.alarming = {n: a for n, a in self.alarming.items() if n in self.posts}
        return old


def talk_of(kinds: Sequence[str], near: Near, topics: Iterable[str]) -> list[str]:
    """The terms that stand for others: one for each kind of trouble, one for each topic."""
    told = [kind for kind in dict.fromkeys([*kinds, near.kind]) if kind not in ("", ANY)]
    clear = [kind for kind in kinds if kind != ANY] if near.alarming else []
    return [
        *(naming.TALK_OF + kind for kind in told),
        *(naming.CLEAR_TALK_OF + kind for kind in clear),
        *(naming.TOPIC + topic for topic in topics),
    ]


def lives(said: Said, now: float) -> bool:
    """Whether a term is still worth its memory: said today, or often before."""
    said.forget(now - DAY)
    return bool(said.at) or said.weight_at(now) > PRIOR_WEIGHT
