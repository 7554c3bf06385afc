"""Who may publish alone, and who looks at it afterwards."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.channels.models import Authorisation
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.say.models import (
    BrokenGlass,
    Post,
    Variant,
)
from commonground.say.rules.people import may, may_change
from commonground.say.rules.ready import must_be_ready

LOOKED_AT = gettext_lazy("Somebody has looked at it already.")


def may_break_glass(post: Post, by: Member, read: str) -> None:
    """Its author, trained, whom leadership let publish alone on every channel it goes to."""
    may(post, "break_glass", by)
    may_change(post, by)
    if read != post.digest:
        raise MovedOn(_("The words have changed since you read them. Read them again."))
    if post.go_out_at:
        raise Refused(_("What can wait for its time can wait for a second person."))
    must_be_ready(post)
    for variant in post.variants.select_related("channel"):
        must_be_let_alone(post.author, variant)


def must_be_let_alone(author: Member, variant: Variant) -> None:
    held = variant.channel.authorisations.in_force().filter(member=author, alone=True)
    if not held.exists():
        raise NotYours(
            _("%(author)s may not publish alone on %(channel)s: leadership has to allow it first.")
            % {"author": author.name, "channel": variant.channel.name}
        )


def one_pane_at_a_time(by: Member) -> None:
    """Whoever has our account must not be able to go on and on. Held until the transaction ends."""
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    unread = BrokenGlass.objects.unreviewed().filter(agency=by.agency_id).select_related("by")
    if any(by.is_also(one.by) for one in unread):  # a second account is no second chance
        raise Refused(
            _("You have published alone, and nobody has looked at it yet. Until then: a second"
              " person, by telephone if need be.")
        )  # fmt: skip


def may_review_glass(glass: BrokenGlass, by: Member) -> None:
    if by.agency_id != glass.agency_id or Role.APPROVER not in by.roles or by.is_also(glass.by):
        raise NotYours(_("Another person looks at this: an approver who did not publish it."))


def hindrance_alone(post: Post, by: Member) -> str | None:
    """Why its author could not publish it alone just now, in words; "" if they could.

    None where leadership never let them: then nobody needs to hear of it.
    """
    allowed = Authorisation.objects.in_force().filter(member=by, alone=True)
    if post.author_id != by.pk or not allowed.exists():
        return None
    try:
        may_break_glass(post, by, post.digest)
    except Refused as refusal:
        return str(refusal)
    return ""


def stands_by(post: Post) -> BrokenGlass | None:
    """The broken glass that these words go out by, if nobody else said yes to them."""
    return post.broken_glass.filter(read=post.approved_digest).first()
