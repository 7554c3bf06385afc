"""Who may open a joint desk, sit down at it, say something there, and leave it."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import NotYours, Refused
from commonground.spot.models import Fact, Moment, Partner, Spokesperson
from commonground.spot.states import PartnerState, State

LONGEST_ROUND = 12  # agencies at one desk: more is a conference, and a page nobody reads
# Said to whoever pressed on a page that was open when it ended.
OVER = gettext_lazy("This joint desk is over. What you typed was told to nobody.")
UNREAD = gettext_lazy(
    "This joint desk is over: nobody there reads what you change. Tell them yourselves."
)
NOTHING_SHARED = gettext_lazy("You share nothing with this agency now.")
NOT_ASKED = gettext_lazy(
    "This invitation is not open any more: it was answered, or taken back, or the moment is over."
)


def may_open_desk(by: Member) -> None:
    """It shows others what waits to go out: whoever lets words out decides about that."""
    if not by.is_active or Role.APPROVER not in by.roles:
        raise NotYours(_("Only an approver decides what another agency sees."))


def may_invite(moment: Moment, other: Agency, by: Member) -> None:
    if moment.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))
    may_open_desk(by)
    must_be_real(moment.agency, other)
    if moment.state != State.OPEN:
        raise Refused(_("This moment is closed. Open it again first."))
    if other == moment.agency:
        raise Refused(_("This is your own agency."))
    there = moment.partners.filter(state__in=[PartnerState.INVITED, PartnerState.STANDING])
    if there.filter(agency=other).exists():
        raise Refused(_("This agency is invited already."))
    if there.count() >= LONGEST_ROUND:
        raise Refused(_("More agencies than this make no desk. Close one place first."))
    if moment.shared_as.asked().exists() or moment.shared_as.together().exists():
        raise Refused(_("You share this moment at another agency’s desk: ask them to invite."))


def must_be_real(*agencies: Agency) -> None:
    """A drill and the real world never meet, in neither direction."""
    if any(agency.drill for agency in agencies):
        raise Refused(_("A drill has no joint desk: what is practised meets nobody outside it."))


def may_answer_invitation(partner: Partner, by: Member) -> None:
    if partner.agency_id != by.agency_id:
        raise NotYours(_("This invitation is another agency’s."))
    may_open_desk(by)


def may_accept(partner: Partner, own: Moment | None, by: Member) -> None:
    may_answer_invitation(partner, by)
    must_be_real(partner.agency, partner.moment.agency)
    otherwise = _("You invited yourself: somebody else of this agency says yes.")
    must_be_another(partner.invited_by, by, otherwise)
    if partner.moment.state != State.OPEN:
        raise Refused(_("The moment is over, so nothing is shared any more."))
    if own is None:
        return
    if own.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))
    if own.state != State.OPEN:
        raise Refused(_("This moment is closed. Open it again first."))
    if own.partners.asked().exists() or own.partners.together().exists():
        raise Refused(_("You share this moment with others at a desk of your own. Leave it first."))
    if own.shared_as.together().exists():
        raise Refused(
            _("This moment is at another desk already. Take another one, or have a new one made.")
        )


def may_call_off(partner: Partner, by: Member) -> None:
    if partner.host_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))
    may_open_desk(by)


def may_leave(partner: Partner, by: Member) -> None:
    """Either side, and whoever writes or approves: to stop sharing needs no second thought."""
    if by.agency_id not in (partner.host_id, partner.agency_id):
        raise NotYours(_("This belongs to another agency."))
    may_speak_there(by)


def may_speak_there(by: Member) -> None:
    if not by.is_active or not by.roles & {Role.AUTHOR, Role.APPROVER}:
        raise NotYours(_("Your role does not include deciding about moments."))


def may_choose_what_is_shown(partner: Partner, by: Member) -> None:
    if by.agency_id not in (partner.host_id, partner.agency_id):
        raise NotYours(_("This belongs to another agency."))
    may_open_desk(by)
    if partner.state != PartnerState.STANDING:
        raise Refused(NOTHING_SHARED)


def may_take_back(row: Fact | Spokesperson, by: Member) -> None:
    """Each its own: what another agency said there stands until they take it back."""
    if row.agency_id != by.agency_id:
        raise NotYours(_("Only the agency that said this takes it back."))
    may_speak_there(by)
