"""An author with the address bar: what others said yes to cannot be changed behind their backs."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commonground.say.models import Post
from tests import given
from tests.house import doors, say_doors

# What an author may do to a post of theirs while it is a draft; the helper asks a machine.
WHILE_A_DRAFT = [
    "add_picture", "confirm_version", "cover_picture", "drop", "leave_out_card", "read_card",
    "remove_picture", "remove_version", "remove_video", "submit", "version", "write", "write_card",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["in_review", "approved"])
def test_its_author_changes_nothing_of_what_others_read(state):
    desk = say_doors.Desk(given.an_agency(), None)
    desk.author = given.a_member(agency=desk.agency)
    client = doors.signed_in({"author": desk.author})["author"]
    for door in WHILE_A_DRAFT:
        with transaction.atomic():
            behind = say_doors.BEHIND[door](desk)
            post = with_others(Post.objects.get(pk=behind.things["post_id"]), state)
            before = (post.digest, post.state, whole(post))
            answer = doors.pressed(client, reverse(f"say:{door}", kwargs=behind.things),
                                   behind.typed)  # fmt: skip
            assert answer.status_code in (403, 409), door
            post = Post.objects.get(pk=post.pk)
            assert (post.digest, post.state, whole(post)) == before, door
            transaction.set_rollback(True)


def with_others(post, state):
    read = {"approved_digest": post.digest, "approved_at": timezone.now()}
    Post.objects.filter(pk=post.pk).update(state=state, **(read if state == "approved" else {}))
    post.refresh_from_db()
    return post


def whole(post):
    """All that stands beneath it."""
    beneath = (post.variants, post.pictures, post.cards, post.versions)
    return [list(rows.order_by("pk").values()) for rows in beneath]
