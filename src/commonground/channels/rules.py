"""Who may open, sign in, stop and lend the agency's channels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.channels.contract import Network
from commonground.channels.models import Authorisation, Channel
from commonground.channels.networks import networks
from commonground.channels.states import State
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import NotYours, Refused


def who_runs(agency: Agency) -> QuerySet[Member]:
    """Those who may sign its channels in."""
    return agency.members.filter(is_active=True, role_rows__role=Role.ADMIN).distinct()


def may_run(agency_id: object, by: Member) -> None:
    """Channels are the administrators' business, each in their own agency."""
    if by.agency_id != agency_id or not by.is_active or Role.ADMIN not in by.roles:
        raise NotYours(_("Only an administrator of this agency runs its channels."))


def may_open(agency: Agency, network: str, name: str, by: Member) -> None:
    may_run(agency.pk, by)
    if network not in networks():
        raise Refused(_("This desk does not know that network."))
    if agency.drill and network != "rehearsal":
        raise Refused(_("A drill speaks only in the rehearsal, never in public."))
    if networks()[network].has_pages and not agency.found_at:
        raise Refused(
            _(
                "The public cannot find your agency here yet. Whoever runs this server gives it an"
                " address of its own first (COMMONGROUND_PUBLIC_SITES)."
            )
        )
    if Channel.objects.filter(agency=agency, name=name).exists():
        raise Refused(_("Your agency has a channel of this name already."))


def may_sign_in(channel: Channel, by: Member) -> None:
    may_run(channel.agency_id, by)
    if channel.state == State.CLOSED:
        raise Refused(_("This channel is closed for good. Open a new one."))
    if channel.named:
        raise Refused(_("This account has its name for good. For another, open another channel."))


def must_be_complete(network: Network, secrets: Mapping[str, str], address: str, name: str) -> None:
    """Everything the network asks for, and nothing it does not know."""
    asked = set(secrets) - set(network.secrets_too)
    if asked != set(network.secrets) or not all(secrets.values()):
        raise Refused(_("Something that this network asks for is missing."))
    if network.needs_address and not address:
        raise Refused(_("Say on which server the account is."))
    if network.needs_handle and not name:
        raise Refused(_("Say which account it is."))


def may_authorise(
    channel: Channel, member: Member, until: datetime | None, decision: str, by: Member
) -> None:
    """Someone else's written yes: nobody lends themselves the agency's voice."""
    may_run(channel.agency_id, by)
    must_be_another(member, by, _("You need another person: nobody authorises themselves."))
    if member.agency_id != channel.agency_id or not member.is_active:
        raise Refused(_("This person is not a member of your agency."))
    if channel.state == State.CLOSED:
        raise Refused(_("This channel is closed for good. Open a new one."))
    if not decision.strip():
        raise Refused(_("Write down who decided this, and why: it is the public's safeguard."))
    if until is not None and until <= timezone.now():
        raise Refused(_("That day has passed."))


def may_reconfirm(authorisation: Authorisation, by: Member) -> None:
    """Nobody lends themselves the agency's voice, not for one more year either."""
    may_run(authorisation.channel.agency_id, by)
    alone = _("You need another person: nobody authorises themselves.")
    must_be_another(authorisation.member, by, alone)


def may_end(authorisation: Authorisation, by: Member) -> None:
    """Stopping is easy: any administrator may, also for themselves."""
    may_run(authorisation.channel.agency_id, by)
