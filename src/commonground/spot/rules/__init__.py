"""Who may decide about a moment, and who may change the resource library."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.kit.refusals import NotYours, Refused
from commonground.spot.models import Moment, Resource, Rumour
from commonground.spot.states import RumourState, State

LEAST_REASON = 3  # characters: "no" explains nothing to the one who asks next month


def may_decide(moment: Moment, by: Member) -> None:
    if moment.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))
    if not by.roles & {Role.AUTHOR, Role.APPROVER}:
        raise NotYours(_("Your role does not include deciding about moments."))


def may_close(moment: Moment, by: Member, did: str) -> None:
    may_decide(moment, by)
    if len(did.strip()) < LEAST_REASON:
        raise Refused(_("Say in a few words what we did: somebody will ask."))


def may_dismiss(moment: Moment, by: Member, reason: str) -> None:
    may_decide(moment, by)
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(_("Say in a few words why this moment passes without us."))


def may_merge(moment: Moment, into: Moment, by: Member) -> None:
    may_decide(moment, by)
    may_decide(into, by)
    if moment.pk == into.pk:
        raise Refused(_("A moment cannot be merged into itself."))
    if into.state not in (State.OPEN, State.ACTED):
        raise Refused(_("The moment to merge into is closed. Reopen it first."))


def may_measure(by: Member) -> None:
    if not by.is_active or not by.roles - {Role.AUDITOR}:
        raise NotYours(_("An auditor sees everything and changes nothing."))


def may_log(moment: Moment, by: Member, claim: str) -> None:
    may_decide(moment, by)
    if moment.state != State.OPEN:
        raise Refused(_("This moment is closed. Open it again first."))
    if len(claim.strip()) < LEAST_REASON:
        raise Refused(_("Say in a few words what is claimed."))
    if "@" in claim:
        raise Refused(_("Write what is said, never who says it."))


def may_handle(rumour: Rumour, by: Member) -> None:
    if rumour.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))
    if not by.roles & {Role.AUTHOR, Role.APPROVER}:
        raise NotYours(_("Your role does not include checking rumours."))


def may_say_what_we_know(rumour: Rumour, by: Member, known: str) -> None:
    may_handle(rumour, by)
    if len(known.strip()) < LEAST_REASON:
        raise Refused(_("Say in a few words what we know, and from whom."))


def may_answer(rumour: Rumour, by: Member, answer: str) -> None:
    may_handle(rumour, by)
    if rumour.state in (RumourState.HEARD, RumourState.CHECKING):
        raise Refused(_("Check it first: the public is told what we know, not what we fear."))
    if len(answer.strip()) < LEAST_REASON:
        raise Refused(_("Say where we told the public."))


def may_change_resources(by: Member, resource: Resource | None = None) -> None:
    if resource and resource.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))
    if not by.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN}:
        raise NotYours(_("Your role does not include changing resources."))
