"""A moment's name and its exemplars: what a person reads first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from commonground.hear.engine.heard import Told
from commonground.hear.engine.stopwords import STOPWORDS
from commonground.hear.engine.words import NOT_WORDS, WORD, words
from commonground.spot.engine.surges import Hot

MOST_NAMED = 6
IN_A_LABEL = 3
MOST_EXEMPLARS = 5
LONGEST_LABEL = 120
LONGEST_PHRASE = 8  # words: a name, not a sentence
# Terms that stand for others. No words of a post can look like them: words hold no colon.
TALK_OF = "talk of: "  # every word of one kind
CLEAR_TALK_OF = "clear talk of: "  # the same, in posts the screen finds alarming too
TOPIC = "topic: "  # all watch terms of one topic
BREAKS = re.compile(r"[.!?:;,\n\"“”«»()\[\]|…]+")  # a phrase does not run on over these


def named(hot: Sequence[Hot]) -> list[str]:
    """The terms a person is shown: telling first, a pair instead of a word mostly said in it."""
    chosen: list[Hot] = []
    for one in (h for h in hot if not stands_for_others(h.term)):
        told = {word for other in chosen for word in other.term.split()}
        if not set(one.term.split()) <= told or replaces(one, chosen):
            chosen = [c for c in chosen if not within_it(c, one)]
            chosen.append(one)
    return [h.term for h in chosen[:MOST_NAMED]]


def replaces(pair: Hot, chosen: Sequence[Hot]) -> bool:
    return any(within_it(word, pair) for word in chosen)


def within_it(word: Hot, pair: Hot) -> bool:
    """Whether a word adds nothing to a pair: it stands in it, and is seldom said without it."""
    return set(word.term.split()) < set(pair.term.split()) and 2 * pair.count >= word.count


def label(
    lead: Hot, hot: Sequence[Hot], posts: Sequence[Told], kind_of: Callable[[str], str]
) -> str:
    """A few plain words as people put them; before them the topic, or what kind of thing it is.

    `kind_of` knows the kind of trouble a word speaks of; a phrase that says it itself needs no
    other word for it.
    """
    said = phrase(posts, hot) or ", ".join(named(hot)[:IN_A_LABEL])
    about = lead.term.removeprefix(TOPIC) if lead.term.startswith(TOPIC) else kind_in(lead, hot)
    if about and any(kind_of(word) == about for word in words(said)):
        about = ""
    told = f"{about}: {said}" if about and said else about or said or lead.term
    return (told[:1].upper() + told[1:])[:LONGEST_LABEL]


def kind_in(lead: Hot, hot: Sequence[Hot]) -> str:
    """The kind of trouble most clearly spoken of; "" where it is none in particular."""
    kinds = [h.term for h in (lead, *hot) if is_kind(h.term)]
    return kinds[0].removeprefix(CLEAR_TALK_OF).removeprefix(TALK_OF) if kinds else ""


def phrase(posts: Iterable[Told], hot: Sequence[Hot]) -> str:
    """The stretch of one post that holds most of what many say, as it was written.

    Each telling word of it was said by at least two voices, so the name gives away no one
    person's words: between them stand only words such as "at the".
    """
    shared = {h.term: h.surprise for h in hot if " " not in h.term and h.count > 1}
    found = {run for post in posts for run in runs(post.text, shared)}
    best = max(found, key=lambda run: (worth(run, shared), run), default=())
    return " ".join(best)


def runs(text: str, shared: Mapping[str, float]) -> set[tuple[str, ...]]:
    """Every stretch of shared words with only small words between them."""
    found: set[tuple[str, ...]] = set()
    for part in BREAKS.split(NOT_WORDS.sub(" . ", text)):
        run: list[str] = []
        for word in [*(m.group() for m in WORD.finditer(part)), ""]:
            if word and (folded(word) in STOPWORDS or folded(word) in shared):
                run.append(word)
                continue
            found |= within(run, shared)
            run = []
    return found


def within(run: Sequence[str], shared: Mapping[str, float]) -> set[tuple[str, ...]]:
    """Stretches that begin and end with a shared word and are no longer than a name."""
    ends = [n for n, word in enumerate(run) if folded(word) in shared]
    return {tuple(run[a : b + 1]) for a in ends for b in ends if a <= b < a + LONGEST_PHRASE}


def worth(run: Sequence[str], shared: Mapping[str, float]) -> float:
    """What a phrase tells: each shared word once, and a little less for each word it takes."""
    told = {folded(word) for word in run}
    return sum(shared.get(word, 0.0) for word in told) - 0.5 * len(run)


def folded(word: str) -> str:
    return next(iter(words(word)), "")


def shown(term: str) -> str:
    """A term as a person reads it: without the sign that keeps it apart from words."""
    for mark in (CLEAR_TALK_OF, TALK_OF):
        if term.startswith(mark):
            return TALK_OF.replace(":", "") + term.removeprefix(mark)
    return term.removeprefix(TOPIC)


def is_kind(term: str) -> bool:
    """Whether it is talk of a kind of trouble: said of many things at once, so no one's own."""
    return term.startswith((TALK_OF, CLEAR_TALK_OF))


def stands_for_others(term: str) -> bool:
    return is_kind(term) or term.startswith(TOPIC)


def exemplars(
    posts: Mapping[int, Told], terms_of: Mapping[int, Sequence[str]], weight: Mapping[str, float]
) -> list[Told]:
    """The posts that hold most of what is hot, one a voice, in the order they were said."""
    ranked = sorted(posts, key=lambda n: (-sum(weight.get(t, 0.0) for t in terms_of[n]), n))
    chosen: dict[str, Told] = {}
    for number in ranked:
        chosen.setdefault(posts[number].voice, posts[number])
        if len(chosen) == MOST_EXEMPLARS:
            break
    return sorted(chosen.values(), key=lambda post: (post.at, post.upstream))
