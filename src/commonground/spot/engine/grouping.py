"""Which hot terms speak of one thing, and whether that thing is already running."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import nlargest
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.heard import Told
from commonground.spot.engine.naming import is_kind, stands_for_others
from commonground.spot.engine.surges import NAMED, Hot, Surge

TOGETHER = 0.5  # share of the rarer term's posts that also hold the other
CARRIED = 0.34  # share of a group's posts that are a running moment's: then it is that moment
ONE_THING = 2.0  # likeness with which two groups are one moment, whatever their words
# Likeness between what is said in a moment's wake ("praying for them", "all destroyed") and the
# moment itself lies around 1; between two things that happen at once it stays below half.
IN_ITS_WAKE = 0.75
ANOTHER = 0.5  # less alike than this, a few posts in common are chance: people grieve about both
MOST_ASKED = 100  # posts of a group, the newest; more would say the same
MANY = 5  # so many posts in common are none
NEW_TO_IT = 0.1  # a language of fewer of a moment's posts is new to it
OUTGROWN = 2  # times the most voices the moment ever had in a window of that length
GROWING = 2700.0  # seconds a moment may take to find its own size and words
LULL = 6 * 3600.0  # seconds without heat after which a larger wave is a moment of its own


class Memory(Protocol):
    """The posts of the last day by number, and the terms of each."""

    @property
    def posts(self) -> Mapping[int, Told]: ...

    @property
    def terms(self) -> Mapping[int, Sequence[str]]: ...

    def newest(self, numbers: Iterable[int]) -> tuple[int, ...]: ...

    def alike(self, some: tuple[int, ...], others: tuple[int, ...]) -> float: ...


@dataclass(frozen=True)
class Group:
    """Hot terms of one slice that share their posts; the most surprising comes first."""

    hot: tuple[Hot, ...]
    known: list[int] = field(default_factory=list, repr=False, compare=False)

    @property
    def lead(self) -> Hot:
        return self.hot[0]

    @cached_property
    def posts(self) -> frozenset[int]:
        return frozenset().union(*(h.posts for h in self.hot))

    def few(self, memory: Memory) -> tuple[int, ...]:
        if not self.known:
            self.known.extend(memory.newest(self.posts))
        return tuple(self.known)


class Bundle:
    """A group in the making: its terms by their places, their posts."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.hot: list[Hot] = []
        self.posts: set[int] = set()

    def add(self, place: int, hot: Hot) -> None:
        self.places.append(place)
        self.hot.append(hot)
        self.posts |= hot.posts

    def merge(self, other: Bundle) -> None:
        self.places += other.places
        self.hot += other.hot
        self.posts |= other.posts


def grouped(hot: Iterable[Hot], memory: Memory) -> list[Group]:
    """Groups by shared posts, the most surprising group first.

    The narrowest terms come first, those that stand for others last. A term that is said of two
    things ("fire", "road closed") makes them one only where they are alike; else it is counted
    for the larger, without the other's posts.
    """

    def order(one: Hot) -> tuple[object, ...]:
        return stands_for_others(one.term), len(one.posts), by_excess(one)

    bundles: list[Bundle] = []
    ordered = sorted(hot, key=order)
    kindred = together([one.posts for one in ordered])
    for place, one in enumerate(ordered):
        kin = [b for b in bundles if kindred[place, b.places].any()]
        if not kin:
            bundles.append(Bundle())
        kin = sorted(kin, key=lambda b: -len(b.posts & one.posts)) or bundles[-1:]
        best, posts = kin[0], one.posts
        for other in kin[1:]:
            if memory.alike(memory.newest(other.posts), memory.newest(best.posts)) >= ANOTHER:
                best.merge(other)
                bundles.remove(other)
            else:
                posts -= other.posts - best.posts
        best.add(place, replace(one, posts=posts))
    groups = [Group(tuple(sorted(b.hot, key=by_excess))) for b in bundles]
    return sorted(groups, key=lambda group: by_excess(group.lead))


def by_excess(hot: Hot) -> tuple[float, float, str]:
    return -hot.excess, -hot.surprise, hot.term


def together(posts: Sequence[Collection[int]]) -> NDArray[np.bool_]:
    """bool[n, n]: whether two of n terms share that part of the rarer one's posts."""
    places = {post: n for n, post in enumerate(set().union(*posts))}
    said = np.zeros((len(posts), len(places)), np.float32)
    for row, held in zip(said, posts, strict=True):
        row[[places[post] for post in held]] = 1
    size = said.sum(axis=1)
    found: NDArray[np.bool_] = said @ said.T >= TOGETHER * np.minimum.outer(size, size)
    return found


def settled(
    group: Group, running: Sequence[Surge], memory: Memory, now: float
) -> tuple[Group, Surge | None]:
    """The group, and the running moment it belongs to: the one it shares most with, or none.

    A group that has outgrown its moment leaves it: it keeps the terms that are its own, and
    the old moment loses them.
    """
    known = [(share, m) for m in running if (share := belongs(group, m, memory, now)) > 0]
    outgrown = [m for _, m in known if m.raised and outgrows(group, m, memory, now)]
    kin = [(m.raised, share, m.number, m) for share, m in known if m not in outgrown]
    if kin:
        return group, max(kin)[3]
    for moment in outgrown:
        own = tuple(h for h in group.hot if fresh(h, moment, now))
        group = Group(own) if own else group
        let_go(moment, group)
    return group, None


def belongs(group: Group, moment: Surge, memory: Memory, now: float) -> float:
    """How much of the group is the moment's, from 0 to 1; 0 where it is another thing.

    Posts in common settle it where they speak of the same thing, and so does a leading word that
    was hot in it before; "police" is said of many. A moment that was raised also takes what is
    said in its wake: what shares a post or a word with it, and is much like it. What leads by a
    topic of its own, which the agency asked to be told of, must be like it in any case.
    """
    posts = len(group.posts & moment.posts) / len(group.posts)
    if not moment.raised:
        return stirs_with(group, moment, posts, memory)
    share = share_of(group, moment, memory)
    if group.lead.term in moment.terms and not is_kind(group.lead.term):
        return max(share, CARRIED)
    wakes = share > 0 and now - moment.hot_at <= LULL
    if wakes and share >= CARRIED and in_other_words(group, moment, memory):
        return share
    needed = needed_with(len(group.posts & moment.posts), posts, wakes=wakes)
    if group.lead.detector == NAMED:
        needed = max(needed, ANOTHER)
    return max(share, CARRIED) if memory.alike(group.few(memory), moment.few) >= needed else 0.0


def stirs_with(group: Group, moment: Surge, posts: float, memory: Memory) -> float:
    """The same for what was not raised yet: nobody saw it, so little is lost either way."""
    if posts >= CARRIED:
        return posts
    share = share_of(group, moment, memory)
    if group.lead.term in moment.terms and not is_kind(group.lead.term):
        return max(share, CARRIED)
    return share if share >= CARRIED else 0.0


def in_other_words(group: Group, moment: Surge, memory: Memory) -> bool:
    """Whether it is the same kind of trouble in a language the moment hardly spoke so far.

    Nothing says how alike two languages' posts are; names of places and people pass between
    them, and so does the kind of thing that happened.
    """
    spoken = Counter(memory.posts[n].lang for n in group.posts if n in memory.posts)
    language, _ = max(spoken.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    known = moment.languages.get(language, 0)
    kinds = {hot.term for hot in group.hot if is_kind(hot.term)}
    return bool(language) and known < NEW_TO_IT * moment.volume and bool(kinds & moment.kinds)


def needed_with(common: int, posts: float, *, wakes: bool) -> float:
    """How like the moment a group must be, the less the more it has in common with it."""
    if posts >= CARRIED:
        return 0.0 if common >= MANY else ANOTHER
    return IN_ITS_WAKE if wakes else ONE_THING


def let_go(moment: Surge, group: Group) -> None:
    for hot in group.hot:
        moment.terms.pop(hot.term, None)
    moment.posts -= group.posts


def share_of(group: Group, moment: Surge, memory: Memory) -> float:
    """The share of the group's posts that are the moment's, or use its words."""
    if not moment.words:
        return len(group.posts & moment.posts) / len(group.posts)
    newest = nlargest(MOST_ASKED, group.posts)
    held = sum(
        post in moment.posts or not moment.words.isdisjoint(memory.terms.get(post, ()))
        for post in newest
    )
    return held / len(newest)


def outgrows(group: Group, moment: Surge, memory: Memory, now: float) -> bool:
    """Whether the group is a larger thing than the moment that carried it.

    A bombing is talked about in the words of the marathon it hit. It is told apart by a
    term that was not the marathon's and that has twice the voices the marathon ever had.
    A bombing's own later chapters are smaller than the bombing, until it has gone quiet.
    """
    age = now - moment.opened_at
    if age < GROWING:
        return False
    if now - moment.hot_at > LULL:
        return group.lead.count > moment.peak_before(now, group.lead.seconds)
    return any(
        hot.count > OUTGROWN * without(hot, moment, memory, now)
        for hot in group.hot
        if hot.seconds <= age and fresh(hot, moment, now)
    )


def fresh(hot: Hot, moment: Surge, now: float) -> bool:
    """Whether the term was not the moment's before this hour; what it grew up with is its own."""
    since = moment.hot_since.get(hot.term, now)
    return now - since < GROWING <= since - moment.opened_at


def without(hot: Hot, moment: Surge, memory: Memory, now: float) -> int:
    """How large the moment is without this term: what it was before, or is beside it."""
    start = now - hot.seconds
    beside = sum(
        memory.posts[post].at > start and hot.term not in memory.terms[post]
        for post in moment.posts & memory.posts.keys()
    )
    return max(beside, moment.peak_before(start, hot.seconds))
