"""Puts on each channel of a draft what it shows of the post."""

from __future__ import annotations

from typing import Any

from commonground.say.models import Post, Variant
from commonground.say.models.laying import Layout

LAID = ("title", "text", "language", "alts", "area", "also")


def lay_out(post: Post) -> None:
    """Put on each channel of a draft what it shows of the post: its language, its area's words,
    its blanks filled. From there it is approved, and sent as it is."""
    variants = list(post.variants.select_related("channel"))
    layout = Layout.of(post)
    for variant in variants:
        for name, said in laid_on(variant, layout, post).items():
            setattr(variant, name, said)
    Variant.objects.bulk_update(variants, LAID)


def laid_on(variant: Variant, layout: Layout, post: Post) -> dict[str, Any]:
    """What becomes of one channel. Its own words stay its own."""
    if variant.boosts_id:  # another's words, as they stand
        return {name: getattr(variant, name) for name in LAID}
    first, *others = layout.on(variant.channel, variant.speaks)
    return {
        "title": first.title, "text": variant.text if variant.detached else first.text,
        "language": "" if first.language == post.language else first.language,
        "alts": list(first.alts), "area": layout.area_on(variant.channel),
        "also": [one.as_row() for one in others],
    }  # fmt: skip
