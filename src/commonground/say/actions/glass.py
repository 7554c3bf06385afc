"""Publishing alone in an emergency, and the look at it that must follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn
from commonground.record.actions import THE_DESK, witness
from commonground.say import rules
from commonground.say.actions.review import let_out
from commonground.say.models import BrokenGlass, Post

TELL_AGAIN = timedelta(hours=1)  # until somebody looked


@transaction.atomic
def break_glass(post: Post, *, reason: str, read: str, by: Member) -> Post:
    """Publish exactly these words alone: people are in danger, and nobody can read them in time.

    Everybody who could have is told at once, and one of them must look at it within a day.
    """
    rules.may_break_glass(post, by, read)
    reason = rules.must_have_a_reason(reason)
    rules.one_pane_at_a_time(by)
    let_out(post, "break_glass", read=read, by=by, reason=reason)
    BrokenGlass.objects.create(agency=post.agency, post=post, by=by, reason=reason, read=read)
    return post


@transaction.atomic
def review_glass(glass: BrokenGlass, *, verdict: str, said: str, by: Member) -> BrokenGlass:
    """Say afterwards whether it was right to publish it alone. The record keeps both views."""
    rules.may_review_glass(glass, by)
    said = rules.must_have_a_reason(said)
    changes = {"reviewed_at": database_now(), "reviewed_by": by, "verdict": verdict, "said": said}
    if not BrokenGlass.objects.unreviewed().filter(pk=glass.pk).update(**changes):
        raise MovedOn(rules.LOOKED_AT)
    witness("review_glass", glass, by=by, verdict=verdict, said=said)
    glass.refresh_from_db()
    return glass


@transaction.atomic
def tell_of_glass(glass: BrokenGlass, names: Sequence[str], *, by_mail: bool) -> None:
    """People were told, and will be again until one looked."""
    now = database_now()
    rows = BrokenGlass.objects.unreviewed().filter(pk=glass.pk, told_at=glass.told_at)
    if rows.update(told_at=now, tell_at=now + TELL_AGAIN):
        route = "screen and e-mail" if by_mail else "screen"
        witness("tell", glass, by=THE_DESK, names=list(names), route=route)
