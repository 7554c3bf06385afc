"""The links of a draft, and what is known of their pages."""

from __future__ import annotations

from dataclasses import dataclass

from commonground.say.engine.fit import links
from commonground.say.engine.words import Words
from commonground.say.models import Card, Post, host_of


@dataclass(frozen=True, slots=True)
class Linked:
    """One link of a draft: where it really leads, and the card that was read of it, if any."""

    url: str
    host: str
    card: Card | None


def linked_in(post: Post, words: Words | None = None) -> list[Linked]:
    """Each link once, in its order; of the words as typed, or as saved."""
    texts = [post.text, *(v.text for v in post.variants.filter(boosts=None))]
    if words:
        texts = [words.text, *words.detached.values()]
    known = {card.url: card for card in post.cards.defer("content")}
    found = dict.fromkeys(link for text in texts for link in links(text))
    return [Linked(url, host_of(url), known.get(url)) for url in found]
