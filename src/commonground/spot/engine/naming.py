"""A moment's name and its exemplars: what a person reads first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commonground.hear.engine.heard import Told
from commonground.spot.engine.surges import Hot

MOST_NAMED = 6
IN_A_LABEL = 3
MOST_EXEMPLARS = 5
LONGEST_LABEL = 120
TALK_OF = "talk of "  # begins a term that stands for every word of one kind
TOPIC = "topic "  # begins a term that stands for all watch terms of one topic


def named(hot: Sequence[Hot]) -> list[str]:
    """The terms a person is shown: telling first, a pair instead of its two words."""
    chosen: list[str] = []
    for term in (h.term for h in hot if not stands_for_others(h.term)):
        parts = set(term.split())
        told = {word for other in chosen for word in other.split()}
        if not parts <= told:
            chosen = [c for c in chosen if not set(c.split()) < parts]
            chosen.append(term)
    return chosen[:MOST_NAMED]


def label(lead: Hot, terms: Sequence[str], topic: str) -> str:
    """A few words, no sentence: pages put their own around it."""
    words = ", ".join(terms[:IN_A_LABEL])
    about = topic or (lead.term.removeprefix(TALK_OF) if lead.term.startswith(TALK_OF) else "")
    told = f"{about}: {words}" if about and words else about or words or lead.term
    return (told[:1].upper() + told[1:])[:LONGEST_LABEL]


def stands_for_others(term: str) -> bool:
    return term.startswith((TALK_OF, TOPIC))


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
