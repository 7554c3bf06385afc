"""Two agencies at one moment, for tests."""

from __future__ import annotations

from tests import given

from commonground.agency.models import Agency, Member
from commonground.record.models import Entry
from commonground.spot.actions import joint as actions
from commonground.spot.models import Moment, Partner, Shown
from commonground.spot.queries.joint import JointDesk, desk_of

BOTH = ("author", "approver")


def an_invitation(
    moment: Moment | None = None, to: Agency | None = None, *, by: Member | None = None,
    shows: Shown = Shown.IN_REVIEW, note: str = "",
) -> Partner:  # fmt: skip
    moment = moment or given.a_moment()
    by = by or given.a_member(agency=moment.agency, roles=BOTH)
    return actions.ask_agency(moment, to or given.an_agency(), shows=shows, note=note, by=by)


def a_shared_moment(
    moment: Moment | None = None, to: Agency | None = None, *, shows: Shown = Shown.IN_REVIEW,
    host_shows: Shown = Shown.IN_REVIEW,
) -> Partner:  # fmt: skip
    """Host and guest, both at the desk."""
    partner = an_invitation(moment, to, shows=host_shows)
    theirs = given.a_member(agency=partner.agency, roles=BOTH)
    return actions.accept(partner, own=None, shows=shows, by=theirs)


def someone(agency: Agency, **but: object) -> Member:
    return given.a_member(**{"agency": agency, "roles": BOTH, **but})


def desk_for(agency: Agency, partner: Partner) -> JointDesk | None:
    return desk_of(agency, partner.moment_id)


def a_fact(partner: Partner, text: str = "Building evacuated", *, by: Member):
    desk = desk_for(by.agency, partner)
    assert desk
    return actions.add_fact(desk, text=text, by=by)


def verbs_of(agency: Agency) -> list[str]:
    """What the record of an agency says was done, from the first."""
    return [e.verb for e in Entry.objects.filter(agency=str(agency.pk)).order_by("number")]
