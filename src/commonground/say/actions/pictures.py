"""What an author does to a picture of a draft: cover parts of it, and point at what matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.refusals import Refused
from commonground.record.actions import THE_DESK, witness
from commonground.say import rules
from commonground.say.actions.writing import must_be_draft
from commonground.say.engine.covering import MOST_BOXES, Box, cover
from commonground.say.models import Attachment, Post, Uncovered


@transaction.atomic
def cover_picture(picture: Attachment, boxes: Sequence[Box], *, by: Member) -> Attachment:
    """Cover these parts of a picture and no others; what was under them stays sealed till then.

    The picture that everybody sees, the approver too, is the covered one: another box is
    another picture, and a yes to the one is no yes to the other.
    """
    rules.may_change(picture.post, by)
    must_be_draft(picture.post)
    if len(boxes) > MOST_BOXES or not all(box.is_inside for box in boxes):
        raise Refused(_("A box lies inside the picture, and a picture has twenty at most."))
    wanted = [list(astuple(box)) for box in boxes]
    if wanted == picture.boxes:
        return picture
    whole = whole_of(picture)
    content, kind = whole.content, whole.type
    if boxes:
        done = cover(content, boxes)
        picture.width, picture.height = done.width, done.height
        content, kind = done.content, done.type
    else:
        whole.delete()  # nothing is covered, so nothing needs to be kept apart
    picture.show(content, kind, wanted)
    witness("cover_picture", picture.post, by=by, sha256=picture.sha256, boxes=len(boxes))
    return picture


def whole_of(picture: Attachment) -> Uncovered:
    """The picture as it was before anything was covered; sealed from now on.

    Once that was destroyed, what is covered stays so, and only more can be added.
    """
    found = Uncovered.objects.filter(picture=picture).first()
    if found is None:
        found = Uncovered.of(picture)
        found.save(force_insert=True)
    return found


@transaction.atomic
def point_picture(picture: Attachment, x: int, y: int, *, by: Member) -> Attachment:
    """Say what must stay in sight where a network crops: thousandths from the left and top."""
    rules.may_change(picture.post, by)
    must_be_draft(picture.post)
    if not (0 <= x <= 1000 and 0 <= y <= 1000):
        raise Refused(_("The point lies inside the picture."))
    if (x, y) != (picture.focus_x, picture.focus_y):
        picture.focus_x, picture.focus_y = x, y
        picture.save(update_fields=["focus_x", "focus_y"])
        witness("point_picture", picture.post, by=by, sha256=picture.sha256, x=x, y=y)
    return picture


@transaction.atomic
def forget_uncovered() -> int:
    """Destroy what was under the boxes of posts that are out, put away, or left lying."""
    done_with = Uncovered.objects.done_with(database_now())
    posts = Post.objects.filter(pictures__uncovered__in=done_with).distinct()
    for post in posts.select_related("agency"):
        witness("forget_uncovered", post, by=THE_DESK)
    return done_with.delete()[0]
