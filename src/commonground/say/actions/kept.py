"""What was written where there was no network becomes a draft like any other."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from commonground.agency.models import Member
from commonground.record.actions import witness
from commonground.say import queries, rules
from commonground.say.models import Post, Variant


@transaction.atomic
def begin_kept(key: UUID, words: Mapping[str, str], *, by: Member) -> Post:
    """A draft under the key its device gave it: what arrives twice is one draft."""
    rules.may_write(by)
    post, made = Post.objects.get_or_create(
        pk=key,
        defaults={
            "agency": by.agency, "author": by, "title": words["title"], "text": words["text"],
            "language": by.agency.language,
        },
    )  # fmt: skip
    if not made:
        return post
    for channel in queries.spoken_by(by):
        Variant.objects.create(post=post, channel=channel, title=post.title, text=post.text)
    witness("begin", post, by=by, moment=None, offline=True)
    return post
