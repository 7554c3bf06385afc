"""Who may plan what comes again and what belongs together, and when a day of it may be drafted."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency import rules as agency_rules
from commonground.agency.models import ROLE_LABELS, Member
from commonground.agency.states import Role
from commonground.channels.models import Channel
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.say.models import Campaign, Post, Series
from commonground.say.rules.people import may_write
from commonground.say.states import State


def may_plan(series: Series, by: Member) -> None:
    """Any author of the agency: whoever changes a series writes it from then on."""
    may_write(by)
    if series.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))


def must_run(series: Series) -> None:
    if series.ended_at:
        raise MovedOn(_("This series has ended. Resume it first."))


def must_come(series: Series, day: date) -> None:
    """A day of it that nobody drafted or left out, and that is still to come."""
    must_run(series)
    if not series.rhythm.between(day, day):
        raise Refused(_("The series has no post on this day."))
    if series.instant(day) <= timezone.now():
        raise Refused(_("Its time has passed. Choose a new one."))
    if series.occurrences.filter(day=day).exists():
        raise MovedOn(_("Somebody drafted this day, or left it out, a moment ago."))


def why_no_draft(series: Series) -> str:
    """What keeps the desk from writing a draft in its author's name; nothing if it may."""
    author = series.author
    if not author.is_active or Role.AUTHOR not in author.roles:
        named = {"who": author.name, "role": ROLE_LABELS[Role.AUTHOR]}
        return _("%(who)s no longer has the role “%(role)s” on this desk.") % named
    theirs = Channel.objects.open().spoken_by(author)
    shut = series.channels.exclude(pk__in=theirs.values("pk")).first()
    if shut:
        named = {"author": author.name, "channel": shut.name}
        return _("%(author)s is not authorised to speak on %(channel)s.") % named
    return "" if series.channels.exists() else _("Choose at least one channel.")


def may_lead(campaign: Campaign, by: Member) -> None:
    may_write(by)
    if campaign.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))


def may_hold_campaign(campaign: Campaign, by: Member) -> None:
    """Stopping is easy: whoever writes or approves here may."""
    if campaign.agency_id != by.agency_id or not by.roles & {Role.AUTHOR, Role.APPROVER}:
        raise NotYours(_("Only people who write or approve posts can hold one."))
    if campaign.is_held:
        raise MovedOn(_("It is held already."))


def may_release_campaign(campaign: Campaign, by: Member) -> None:
    """Letting go is harder: somebody trained who approves; and nobody their own words."""
    if campaign.agency_id != by.agency_id or Role.APPROVER not in by.roles:
        named = {"role": ROLE_LABELS[Role.APPROVER]}
        raise NotYours(_("This is not yours to do: it needs the role “%(role)s”.") % named)
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot release just now."))
    agency_rules.must_have_drilled(by)
    if not campaign.is_held:
        raise MovedOn(_("It is not held any more."))


# Of a campaign that is held, and not let go one by one since.
HELD_WITH_IT = Q(campaign__held_at__isnull=False) & (
    Q(released_at=None) | Q(released_at__lt=F("campaign__held_at"))
)


def must_belong_to_nothing_yet(post: Post) -> None:
    if post.state in (State.WITHDRAWN, State.FAILED):
        raise MovedOn(_("It will not go out any more, so it belongs to no campaign."))
