"""Who may let a program in, and who may have one told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.connect.models import Token, Webhook
from commonground.connect.states import within_reach
from commonground.kit.mail import NOBODY
from commonground.kit.outbound import Unreachable, checked
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.kit.troubles import told

MOST_TOKENS = 20  # of one member: more than that nobody looks after
MOST_WEBHOOKS = 20  # of one agency


def longest_term() -> timedelta:
    return timedelta(days=settings.ENV.token_days)


def may_make_token(
    member: Member, by: Member, *, scopes: Collection[str], expires_at: datetime
) -> None:
    """For oneself; or, by an administrator, for a member who takes it themselves."""
    if member.agency_id != by.agency_id or not member.is_active:
        raise NotYours(_("This member belongs to another agency, or has left the desk."))
    if member.email.endswith(NOBODY):
        raise Refused(_("Nobody lives here: keys are for people. Leave the drill first."))
    if member.pk != by.pk and Role.ADMIN not in by.roles:
        raise NotYours(_("Only an administrator offers a key to somebody else."))
    if not scopes or not set(scopes) <= set(within_reach(member.roles)):
        raise Refused(_("A program can be allowed no more than its member may do."))
    if not timezone.now() < expires_at <= timezone.now() + longest_term():
        raise Refused(
            _("A key ends after %(days)s days at most.") % {"days": settings.ENV.token_days}
        )
    if Token.objects.standing().filter(member=member).count() >= MOST_TOKENS:
        raise Refused(_("Twenty keys are the most that one member has. End one first."))


def may_take(token: Token, by: Member) -> None:
    """Whoever sees a key can write in its member's name: so nobody but they see it."""
    if token.member_id != by.pk:
        raise NotYours(_("Only the member it was made for can take this key."))
    if not token.can_be_taken:
        raise MovedOn(_("It was taken already, or has ended. Make a new one."))


def may_see(token: Token, by: Member) -> None:
    if token.agency_id != by.agency_id or (token.member_id != by.pk and Role.ADMIN not in by.roles):
        raise NotYours(_("This key is somebody else’s."))


def may_manage_webhooks(by: Member, agency: Agency | None = None) -> None:
    if Role.ADMIN not in by.roles or (agency and agency.pk != by.agency_id):
        raise NotYours(_("Only an administrator decides which programs are told."))


def may_change_webhook(webhook: Webhook, by: Member) -> None:
    may_manage_webhooks(by, webhook.agency)
    if webhook.closed_at:
        raise MovedOn(_("This program is told nothing any more."))


def must_not_be_a_drill(agency: Agency) -> None:
    """What a program is told it may say aloud."""
    if agency.drill:
        raise Refused(_("A drill tells no program outside of the desk."))


def must_lead_outside(address: str) -> None:
    """An address of the public web. Where its name leads is asked again before each telling."""
    try:
        checked(address)
    except Unreachable as why:
        raise Refused(told(str(why))) from why


def must_have_room(agency: Agency) -> None:
    if agency.webhooks.open().count() >= MOST_WEBHOOKS:
        raise Refused(_("Twenty programs are the most that are told. Close one first."))
