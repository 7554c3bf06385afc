"""Who may do what to a post, beyond what its workflow already says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext

from commonground.agency.models import ROLE_LABELS, Agency, Member
from commonground.agency.states import Role
from commonground.channels.models import Authorisation, Channel
from commonground.channels.states import State as ChannelState
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.kit.workflow import DESK
from commonground.protect.models import Hold
from commonground.say.engine.blanks import blanks_in
from commonground.say.engine.delivering import Around
from commonground.say.engine.fit import fit
from commonground.say.models import (
    BrokenGlass,
    Delivery,
    Post,
    Template,
    Variant,
    counts_for,
    left_to_read,
    yes_to,
)
from commonground.say.states import WORKFLOW, State


def may(post: Post, transition: str, by: Member) -> None:
    """The role the table asks for, held by someone of the same agency."""
    role = WORKFLOW.transitions[transition].role
    if role == DESK or role not in by.roles or by.agency_id != post.agency_id:
        named = {"role": ROLE_LABELS[Role(role)]}
        raise NotYours(_("This is not yours to do: it needs the role “%(role)s”.") % named)


def may_write(by: Member) -> None:
    if "author" not in by.roles:
        raise NotYours(_("Only authors write posts. An administrator can give you that role."))


def may_use(template: Template, by: Member) -> None:
    may_write(by)
    if template.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))


def may_change(post: Post, by: Member) -> None:
    may_write(by)
    if post.author_id != by.pk:
        raise NotYours(
            _("%(author)s is writing this. Ask them to change it, or start your own draft.")
            % {"author": post.author.name}
        )


def may_submit(post: Post, by: Member) -> None:
    may(post, "submit", by)
    may_change(post, by)
    must_be_ready(post)


def may_approve(post: Post, by: Member, read: str) -> None:
    """A second person, trained, who read exactly these words."""
    may(post, "approve", by)
    must_be_another(post.author, by, _("You need another person: nobody approves their own words."))
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot approve just now."))
    if read != post.digest:
        raise MovedOn(_("The words have changed since you read them. Read them again."))
    must_be_asked(post, by)
    must_be_ready(post)


def must_wait_for_a_yes(post: Post) -> None:
    if post.state != State.IN_REVIEW:
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))


def must_be_another(author: Member, by: Member, otherwise: str) -> None:
    """Not the author, nor any other account of theirs."""
    if by.is_also(author):
        raise NotYours(otherwise)


def must_be_asked(post: Post, by: Member) -> None:
    """Whose turn it is by the agency's rule, and who has not said yes already."""
    said = yes_to(post)
    if any(by.is_also(other) for other in said):
        raise MovedOn(_("You have said yes to these words. Somebody else has to, too."))
    left = left_to_read(post)
    if left and not counts_for(by, left.step):
        raise NotYours(_("Another unit reads this first, by the agency’s rule."))


def may_set_rules(agency: Agency, by: Member) -> None:
    if Role.ADMIN not in by.roles or by.agency_id != agency.pk:
        raise NotYours(_("Only an administrator may say who must read what."))


def may_hold(post: Post, by: Member) -> None:
    """Stopping is easy: whoever writes or approves here may keep any post from going out."""
    if post.agency_id != by.agency_id or not by.roles & {Role.AUTHOR, Role.APPROVER}:
        raise NotYours(_("Only people who write or approve posts can hold one."))
    if WORKFLOW.after("hold", State(post.state)) is None:
        raise MovedOn(_("It no longer waits to go out, so there is nothing to hold."))


def may_release(post: Post, by: Member) -> None:
    """Letting go is harder: a second person, trained, and all that the words needed before."""
    may(post, "release", by)
    must_be_another(post.author, by, _("You need another person: nobody releases their own words."))
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot release just now."))
    if timezone.now() > post.too_late_at:
        raise Refused(_("Its time has passed. Choose a new one."))
    must_be_ready(post)


def must_have_a_reason(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Say why, in a few words: the author and the record need it."))
    return reason.strip()[:300]


def must_be_ready(post: Post) -> None:
    """Everything that must be true of a post before anyone is asked to approve it, or it goes out.

    Asked three times: when it is sent for approval, when it is approved, and at the last moment.
    """
    variants = list(post.variants.select_related("channel"))
    if not variants:
        raise Refused(_("Choose at least one channel."))
    must_stand(post.author, Role.AUTHOR)
    if not post.author.certified():
        raise NotYours(
            _("The certificate of %(author)s is not in force.") % {"author": post.author.name}
        )
    pictures = list(post.pictures.values_list("width", "height"))
    for variant in variants:
        must_fit(variant)
        must_be_shown(variant.channel, pictures)
        must_be_filled_in(variant)
        must_be_authorised(post.author, variant)
    must_pass_the_coach(post)
    if post.go_out_at and post.go_out_at + post.stays_good < timezone.now():
        raise Refused(_("Its time has passed. Choose a new one."))


def must_be_filled_in(variant: Variant) -> None:
    if left := blanks_in(variant.title, variant.text):
        named = {"channel": variant.channel.name, "blank": left[0]}
        raise Refused(_("“%(blank)s” is still to be filled in for %(channel)s.") % named)


def must_pass_the_coach(post: Post) -> None:
    """No hard stop stands, or a second person let exactly these words pass, in writing."""
    stops = post.stops(get_language() or "en")
    if stops and not post.overridden():
        named = {"quote": stops[0].quote[:120], "why": stops[0].why}
        raise Refused(
            _(
                "The coach stops “%(quote)s”. %(why)s Change the words, or ask a second person to"
                " override the stop in writing."
            )
            % named
        )


def may_override(post: Post, by: Member, read: str) -> None:
    """A second person, trained, who may approve, and who read exactly these words."""
    if "approver" not in by.roles or by.agency_id != post.agency_id:
        raise NotYours(_("Only somebody who approves posts can override the coach."))
    must_be_another(
        post.author, by, _("You need another person: nobody overrides a stop on their own words.")
    )
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot override just now."))
    if post.state not in (State.DRAFT, State.IN_REVIEW):
        raise MovedOn(_("This has moved on: there is nothing to override."))
    if read != post.digest:
        raise MovedOn(_("The words have changed since you read them. Read them again."))
    if not post.stops("en"):
        raise Refused(_("The coach does not stop these words."))


def must_stand(member: Member, role: Role) -> None:
    """Still on the desk, and still in the role they acted in."""
    if not member.is_active or role not in member.roles:
        named = {"who": member.name, "role": ROLE_LABELS[role]}
        raise NotYours(_("%(who)s no longer has the role “%(role)s” on this desk.") % named)


def hindrance(post: Post) -> str:
    """Why it could not go out just now, in words; nothing if it could."""
    try:
        must_be_ready(post)
    except Refused as refusal:
        return str(refusal)
    return ""


def must_fit(variant: Variant) -> None:
    measured = fit(variant.text, variant.channel.kind.limits)
    where = {"channel": variant.channel.name}
    if measured.why == "empty":
        raise Refused(_("There are no words yet for %(channel)s.") % where)
    if not measured.fits:
        over = max(-measured.left, 1)
        raise Refused(
            ngettext(
                "The text for %(channel)s is %(over)d character too long.",
                "The text for %(channel)s is %(over)d characters too long.",
                over,
            )
            % {**where, "over": over}
        )


def must_be_shown(channel: Channel, pictures: Sequence[tuple[int, int]]) -> None:
    """Some networks show nothing without a picture, some none, and not every shape."""
    limits, where = channel.kind.limits, {"channel": channel.name}
    if len(pictures) < limits.pictures_at_least:
        raise Refused(_("%(channel)s shows only posts with a picture. Add one.") % where)
    if pictures and not limits.pictures:
        raise Refused(
            _("%(channel)s takes no picture with its description. Write a post of its own.") % where
        )
    if len(pictures) > limits.pictures:
        words = _("%(channel)s shows %(most)d pictures at most.")
        raise Refused(words % {**where, "most": limits.pictures})
    if odd := limits.misshapen(pictures):
        words = _("Picture %(number)d is too tall or too wide for %(channel)s. Crop it.")
        raise Refused(words % {**where, "number": odd[0]})


def must_be_authorised(author: Member, variant: Variant) -> None:
    if not variant.channel.authorisations.in_force().filter(member=author).exists():
        raise NotYours(
            _("%(author)s is not authorised to speak on %(channel)s.")
            % {"author": author.name, "channel": variant.channel.name}
        )


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
    if BrokenGlass.objects.unreviewed().filter(by=by).exists():
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


def may_go_out_now(post: Post) -> None:
    """The last moment before the network: everything is asked again."""
    if post.digest != post.approved_digest:
        raise MovedOn(_("The words are no longer the approved ones."))
    if stands_by(post):
        for variant in post.variants.select_related("channel"):
            must_be_let_alone(post.author, variant)
    else:
        for reader in yes_to(post):
            must_stand(reader, Role.APPROVER)
    must_be_ready(post)


def may_be_sent(delivery: Delivery) -> None:
    """The last fence before the first byte. A post may have waited hours since it started."""
    post = Post.objects.select_related("author").get(pk=delivery.variant.post_id)
    if post.digest != post.approved_digest:
        raise MovedOn(_("The words are no longer the approved ones."))
    must_stand(post.author, Role.AUTHOR)
    must_be_authorised(post.author, delivery.variant)
    if stands_by(post):
        must_be_let_alone(post.author, delivery.variant)


def hold_still(post: Post) -> None:
    """Until this transaction ends nobody starts, sends or withdraws this post.

    Always taken before its deliveries' rows, so that two who want both do not wait for
    each other.
    """
    Post.objects.select_for_update(no_key=True).get(pk=post.pk)


def hold_all(post: Post) -> None:
    """Whoever stops everything takes the same lock: an answer cannot grow old before it counts."""
    Agency.objects.select_for_update(no_key=True).get(pk=post.agency_id)
    hold_still(post)


def around(delivery: Delivery, now: datetime, *, hold: bool = False) -> Around:
    """What must still be true before the first byte, as the database says this instant.

    `hold`: and remains true until this transaction ends.
    """
    if hold:
        hold_all(delivery.variant.post)
    post = Post.objects.get(pk=delivery.variant.post_id)
    return Around(
        now=now,
        stopped=Hold.objects.standing().filter(agency=post.agency_id).exists(),
        line_open=line_is_open(delivery.variant),
        publishing=post.state == State.PUBLISHING,
        may_be_sent=not refusal(delivery),
    )


def refusal(delivery: Delivery) -> str:
    """Why it must not be sent, in words; nothing if it may."""
    try:
        may_be_sent(delivery)
    except Refused as why:
        return str(why)
    return ""


def line_is_open(variant: Variant) -> bool:
    return Channel.objects.filter(pk=variant.channel_id, state=ChannelState.READY).exists()


def undo_time() -> timedelta:
    return timedelta(seconds=settings.ENV.undo_seconds)
