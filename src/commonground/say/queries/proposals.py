"""A draft's words as they are kept, for whoever puts others in their place."""

from __future__ import annotations

from commonground.say.engine.words import Words
from commonground.say.models import Post


def words_of(post: Post) -> Words:
    variants = list(post.variants.all())
    return Words(
        title=post.title, text=post.text, language=post.language,
        channels=frozenset(v.channel_id for v in variants),
        detached={v.channel_id: v.text for v in variants if v.detached},
        go_out_at=post.go_out_at, urgent=post.urgent, good_for=post.good_for, parting=post.parting,
        alert_asked=False,
    )  # fmt: skip
