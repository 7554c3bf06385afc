"""What is shared at a joint desk, and with whom. Every page that shows something of another
agency's asks here, and nothing is found here a second after either side left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from commonground.agency.models import Agency
from commonground.spot.models import Fact, Moment, Partner, Shown, Spokesperson
from commonground.spot.states import PartnerState, State


@dataclass(frozen=True, slots=True)
class Seat:
    """One agency at the desk: whose, the moment its posts are about, and what of them it shows."""

    agency: Agency
    moment: Moment
    shows: Shown
    partner: Partner | None  # None: the host's own


@dataclass(frozen=True, slots=True)
class JointDesk:
    """A shared moment as one of those who share it sees it."""

    moment: Moment
    own: Seat
    others: Sequence[Seat]

    @property
    def hosts(self) -> bool:
        return self.own.partner is None

    @property
    def agencies(self) -> list[Agency]:
        return [self.own.agency, *(seat.agency for seat in self.others)]


def shared_with(agency: Agency) -> QuerySet[Moment]:
    """The moments that this agency shares now, its own and others'."""
    together = Partner.objects.together().filter(Q(moment__agency=agency) | Q(agency=agency))
    return Moment.objects.filter(pk__in=together.values("moment"))


def desk_of(agency: Agency, moment_id: UUID) -> JointDesk | None:
    """The joint desk of a moment; None for whoever does not sit at it."""
    found = shared_with(agency).filter(pk=moment_id).select_related("agency").first()
    if found is None or agency.drill or found.agency.drill:
        return None
    seated = found.partners.together().select_related("agency", "own_moment__agency")
    guests = [seat for partner in seated if (seat := seat_of(partner))]
    if found.agency_id == agency.pk:
        return JointDesk(found, host_of(found), guests)
    own = next((seat for seat in guests if seat.agency.pk == agency.pk), None)
    if own is None or own.partner is None:
        return None
    host = Seat(found.agency, found, Shown(own.partner.host_shows), None)
    return JointDesk(found, own, [host, *(seat for seat in guests if seat is not own)])


def desk_about(agency: Agency, own_id: UUID) -> JointDesk | None:
    """The joint desk that a moment of this agency's is part of, by that moment."""
    own = Moment.objects.filter(agency=agency, pk=own_id).first()
    shared = shared_from(own) if own else None
    return desk_of(agency, shared.pk) if shared else None


def seat_of(partner: Partner) -> Seat | None:
    own = partner.own_moment
    if own is None or partner.agency.drill or own.agency_id != partner.agency_id:
        return None
    return Seat(partner.agency, own, Shown(partner.shows), partner)


def host_of(moment: Moment) -> Seat:
    return Seat(moment.agency, moment, Shown.IN_REVIEW, None)  # its own posts it sees anyway


def shared_from(moment: Moment) -> Moment | None:
    """The shared moment that this moment of ours is part of; itself, if we are the host."""
    if moment.partners.together().exists():
        return moment
    sits = moment.shared_as.together().select_related("moment").first()
    return sits.moment if sits else None


def invitations_to(agency: Agency) -> QuerySet[Partner]:
    """Those that wait for an answer."""
    if agency.drill:
        return Partner.objects.none()
    asked = Partner.objects.asked().filter(agency=agency, moment__agency__drill=False)
    return asked.select_related("moment__agency", "invited_by")


def invited_to(moment: Moment) -> list[Partner]:
    """Those whom we asked: who have not answered, or whose last word was no."""
    newest: dict[UUID, Partner] = {}
    for partner in moment.partners.select_related("agency").order_by("invited_at"):
        newest[partner.agency_id] = partner
    shown = (PartnerState.INVITED, PartnerState.DECLINED)
    return [partner for partner in newest.values() if partner.state in shown]


def others_of(agency: Agency) -> QuerySet[Agency]:
    return Agency.objects.in_public().exclude(pk=agency.pk)


def may_be_invited(moment: Moment) -> QuerySet[Agency]:
    """The other agencies of this installation that are not at the desk, or asked to it."""
    there = [PartnerState.INVITED, PartnerState.STANDING]
    taken = moment.partners.filter(state__in=there).values("agency")
    others = others_of(moment.agency)
    return others.exclude(pk__in=taken).order_by("name")


def facts_of(desk: JointDesk) -> QuerySet[Fact]:
    """What each says it knows, the newest first; also of those who have left since."""
    return desk.moment.facts.select_related("agency", "added_by")


def spokespeople_of(desk: JointDesk) -> QuerySet[Spokesperson]:
    return desk.moment.spokespeople.filter(agency__in=desk.agencies).select_related("agency")


def own_open_moments(agency: Agency) -> QuerySet[Moment]:
    """Those of ours that may be the one another agency asks us about: at no desk so far."""
    taken = Partner.objects.filter(state__in=[PartnerState.INVITED, PartnerState.STANDING])
    ours = Moment.objects.filter(agency=agency, state=State.OPEN)
    ours = ours.exclude(pk__in=taken.filter(own_moment__isnull=False).values("own_moment"))
    return ours.exclude(pk__in=taken.values("moment")).order_by("-opened_at")


def was_at(agency: Agency, moment_id: UUID) -> bool:
    """Whether this agency sat at a desk about that moment, its own or another's."""
    sat = Partner.objects.filter(moment=moment_id, since__isnull=False)
    return sat.filter(Q(agency=agency) | Q(moment__agency=agency)).exists()
