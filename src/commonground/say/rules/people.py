"""Who may do what to a post, beyond what its workflow already says."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency import rules as agency_rules
from commonground.agency.models import ROLE_LABELS, Agency, Member
from commonground.agency.states import Role
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.kit.workflow import DESK
from commonground.say.models import (
    Delivery,
    Post,
    Restart,
    Template,
    counts_for,
    left_to_read,
    yes_to,
)
from commonground.say.rules.ready import corrected_already, must_be_ready
from commonground.say.states import WORKFLOW, DeliveryState, State


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


def may_touch_up(post: Post, by: Member) -> None:
    """See and change what is covered: its author, while it is a draft."""
    may_change(post, by)
    if post.state != State.DRAFT:
        raise MovedOn(_("This is no longer a draft. Take it back before you change it."))


def may_correct(post: Post, by: Member) -> None:
    """Whoever writes may put right what stands, theirs or a colleague's."""
    may_write(by)
    if by.agency_id != post.agency_id:
        raise NotYours(_("Only the agency that said it can correct it."))
    seen = Delivery.objects.filter(variant__post=post, state=DeliveryState.SENT)
    if post.state not in (State.PUBLISHING, State.PUBLISHED) or not seen.exists():
        raise MovedOn(_("Only what the public sees can be corrected. Change the draft instead."))
    if corrected_already(post):
        raise MovedOn(_("It was corrected already. Correct the correction."))


def could_correct(post: Post, by: Member) -> bool:
    try:
        may_correct(post, by)
    except Refused:
        return False
    return True


def may_submit(post: Post, by: Member) -> None:
    may(post, "submit", by)
    may_change(post, by)
    agency_rules.must_have_drilled(by)
    must_be_ready(post)


def may_approve(post: Post, by: Member, read: str) -> None:
    """A second person, trained, who read exactly these words."""
    may(post, "approve", by)
    agency_rules.must_have_drilled(by)
    must_be_another(post.author, by, _("You need another person: nobody approves their own words."))
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot approve just now."))
    if read != post.digest:
        raise MovedOn(_("The words have changed since you read them. Read them again."))
    must_be_asked(post, by)
    must_be_ready(post)


def may_read_together(by: Member) -> None:
    """Asked before each post is: whoever approves nothing is told so once, not for each."""
    if Role.APPROVER not in by.roles:
        named = {"role": ROLE_LABELS[Role.APPROVER]}
        raise NotYours(_("This is not yours to do: it needs the role “%(role)s”.") % named)


def must_wait_for_a_yes(post: Post) -> None:
    if post.state != State.IN_REVIEW:
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))


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
    agency_rules.must_have_drilled(by)
    must_be_another(post.author, by, _("You need another person: nobody releases their own words."))
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot release just now."))
    if timezone.now() > post.too_late_at:
        raise Refused(_("Its time has passed. Choose a new one."))
    must_be_ready(post)


# Whoever has to do with what goes out: the others only look on.
MAY_NOTE = frozenset({Role.AUTHOR, Role.APPROVER, Role.ADMIN})


def may_note_restart(restart: Restart, by: Member) -> None:
    if by.agency_id != restart.agency_id or not by.roles & MAY_NOTE:
        raise NotYours(_("This is not yours to do."))


def must_have_a_reason(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Say why, in a few words: the author and the record need it."))
    return reason.strip()[:300]


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
