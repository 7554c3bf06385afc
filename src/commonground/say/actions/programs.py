"""What a program does in a member's name: write a draft, and write it anew. No more than that."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.db import transaction

from commonground.agency.models import Member
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.actions.writing import begin, must_be_draft, write
from commonground.say.engine.words import Words
from commonground.say.models import Post
from commonground.spot.models import Moment


@transaction.atomic
def draft_from_program(words: Words, *, moment: Moment | None, by: Member) -> Post:
    """A draft with these words, on these channels. People read it before anybody else does."""
    post = begin(by=by, moment=moment, title=words.title, text=words.text, language=words.language)
    return write(post, words, by=by, page=uuid4().hex)


@transaction.atomic
def rewrite(
    post: Post, words: Words, *, moment: Moment | None, as_read: Callable[[Post], None], by: Member
) -> Post:
    """Other words for a draft, if it still is as the program read it.

    `as_read` looks at the post while nobody else can change it, and raises. To a page of the desk
    that is open on it, these words came from another window: neither overwrites the other.
    """
    rules.may_change(post, by)
    must_be_draft(post)
    post.refresh_from_db()
    as_read(post)
    write(post, words, by=by, page=uuid4().hex, before=post.written_on)
    if post.moment_id != (moment.pk if moment else None):
        post.moment = moment
        post.save(update_fields=["moment"])
    witness("write", post, by=by, digest=post.digest)
    return post
