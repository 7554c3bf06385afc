"""A joint desk: asking another agency to it, sitting down, saying there what one knows, leaving.

Both sides have each act on their own record. Nothing here writes, approves or sends a post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, Person, advance, witness
from commonground.spot.models import Fact, Moment, Partner, Shown, Spokesperson
from commonground.spot.queries.joint import JointDesk, desk_of
from commonground.spot.rules import joint as rules
from commonground.spot.states import PartnerState

# Not its topic: "people share an exchange with us" is about them, not about us. Nor the words that
# raised it: they were overheard, and stay with who heard them.
TAKEN_OVER = (
    "label", "scale_minutes", "count", "usual", "surprise", "volume", "authors", "languages",
    "first_post_at", "last_post_at", "closes_at", "grave",
)  # fmt: skip


@transaction.atomic
def ask_agency(
    moment: Moment, other: Agency, *, shows: Shown, note: str = "", by: Member
) -> Partner:
    """Ask another agency to the desk of a moment of ours. It sees nothing before it says yes."""
    rules.may_invite(moment, other, by)
    try:
        with transaction.atomic():
            partner = Partner.objects.create(
                moment=moment, agency=other, host_shows=shows, note=note.strip()[:300],
                invited_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise MovedOn(_("This agency is invited already.")) from error
    told(partner, "ask_agency", by=by, note=partner.note, shows=str(shows))
    return partner


@transaction.atomic
def accept(partner: Partner, *, own: Moment | None, shows: Shown, by: Member) -> Partner:
    """Sit down at their desk, with a moment of our own that stays ours when the desk is over."""
    if own is not None:  # locked: it sits at one desk, however many say yes with it at once
        own = Moment.objects.select_for_update(of=("self",)).get(pk=own.pk)
    rules.may_accept(partner, own, by)
    own = own or as_ours(partner, by)
    changes = {"own_moment": own, "shows": shows, "since": timezone.now()}
    return step(partner, "accept", by=by, also=others_beside(partner), **changes)


def as_ours(partner: Partner, by: Member) -> Moment:
    """Their moment as one of ours: what its curve said, none of the posts it was made of."""
    theirs = partner.moment
    own = Moment.objects.create(
        agency=partner.agency, opened_at=timezone.now(),
        **{name: getattr(theirs, name) for name in TAKEN_OVER},
    )  # fmt: skip
    witness("open_moment", own, by=by, shared_by=theirs.agency.name)
    return own


@transaction.atomic
def turn_down(partner: Partner, *, by: Member) -> Partner:
    """Say no. Nothing was shared."""
    rules.may_answer_invitation(partner, by)
    return step(partner, "turn_down", by=by, until=timezone.now())


@transaction.atomic
def call_off(partner: Partner, *, by: Member) -> Partner:
    """Take an invitation back that nobody has answered."""
    rules.may_call_off(partner, by)
    return step(partner, "call_off", by=by, until=timezone.now())


@transaction.atomic
def end_sharing(partner: Partner, *, by: Member) -> Partner:
    """End it for this one agency: from this second neither sees anything of the other's."""
    rules.may_leave(partner, by)
    return end(partner, "end_sharing", by=by, also=others_beside(partner))


def end_with(moment: Moment) -> None:
    """The moment is over, and with it all that was shared about it."""
    open_still = Q(state__in=[PartnerState.INVITED, PartnerState.STANDING])
    # Together, in one order: who leaves meanwhile must not wait for us while we wait for them.
    hosted = moment.partners.filter(open_still).select_for_update()
    for partner in hosted:
        end_with_moment(partner)
    for partner in moment.shared_as.filter(open_still).select_for_update():
        end_with_moment(partner, also=others_beside(partner))


def end_with_moment(partner: Partner, *, also: Iterable[UUID] = ()) -> Partner:
    """Only the desk says this, when either one's moment is over."""
    return end(partner, "end_with_moment", by=THE_DESK, also=also)


def end(partner: Partner, transition: str, *, by: Person, also: Iterable[UUID]) -> Partner:
    """Whoever is not there any more speaks on nothing: others may take it."""
    step(partner, transition, by=by, also=also, until=timezone.now())
    # Afterwards: what is taken at this moment waits for the step, or is seen here.
    partner.moment.spokespeople.filter(agency=partner.agency_id).delete()
    return partner


@transaction.atomic
def choose_shown(partner: Partner, *, shows: Shown, by: Member) -> Partner:
    """From when on the other side sees our posts: from this second."""
    rules.may_choose_what_is_shown(partner, by)
    field = "host_shows" if by.agency_id == partner.host_id else "shows"
    setattr(partner, field, shows)
    partner.save(update_fields=[field])
    told(partner, "choose_shown", by=by, shows=str(shows), whose=by.agency.name)
    return partner


def others_beside(partner: Partner) -> list[UUID]:
    """The other guests: they see who sits at the desk, so their record says who came and left."""
    seated = Partner.objects.together().filter(moment=partner.moment_id).exclude(pk=partner.pk)
    return list(seated.values_list("agency", flat=True))


def step(
    partner: Partner, transition: str, *, by: Person, also: Iterable[UUID] = (), **changes: Any
) -> Partner:
    """One step of its life, on the record of both, and of those who see it besides."""
    advance(partner, transition, by=by, told={"host": str(partner.host_id)}, **changes)
    whose = str(getattr(by, "agency", ""))
    for agency in (partner.host_id, *also):
        witness(transition, partner, by=by, agency=agency, whose=whose)
    return partner


def told(partner: Partner, verb: str, *, by: Member, **detail: Any) -> None:
    for agency in (partner.host_id, partner.agency_id):
        witness(verb, partner, by=by, agency=agency, **detail)


# What is said there


def ours(agency: Agency, moment_id: UUID, otherwise: object = rules.OVER) -> JointDesk:
    """The desk, asked again in the transaction that writes there: it may have ended since, and
    it does not end before we have written."""
    seated = Partner.objects.together().filter(moment=moment_id)
    list(seated.select_for_update(of=("self",)))
    found = desk_of(agency, moment_id)
    if found is None:
        raise MovedOn(otherwise)
    return found


@transaction.atomic
def add_fact(desk: JointDesk, *, text: str, known_at: datetime | None = None, by: Member) -> Fact:
    """Say what we know, under our own name, to all who sit at the desk."""
    rules.may_speak_there(by)
    desk = ours(by.agency, desk.moment.pk)
    text = " ".join(text.split())[:300]
    if not text:
        raise Refused(_("Say in a few words what you know."))
    fact = Fact.objects.create(
        moment=desk.moment, agency=by.agency, text=text, known_at=known_at or timezone.now(),
        added_by=by,
    )  # fmt: skip
    to_all(desk.agencies, "add_fact", fact, by=by, text=text, whose=by.agency.name)
    return fact


@transaction.atomic
def take_back_fact(fact: Fact, *, by: Member) -> Fact:
    """It was not so, or is not so any more. It stays to be read, struck through."""
    rules.may_take_back(fact, by)
    desk = ours(by.agency, fact.moment_id, rules.UNREAD)
    now = timezone.now()
    if not Fact.objects.filter(pk=fact.pk, taken_back_at=None).update(taken_back_at=now):
        raise MovedOn(_("This was taken back already."))
    fact.taken_back_at = now
    to_all(desk.agencies, "take_back_fact", fact, by=by, text=fact.text, whose=by.agency.name)
    return fact


@transaction.atomic
def speak_on(desk: JointDesk, *, subject: str, who: str, by: Member) -> Spokesperson:
    """Take a subject: whoever is asked about it by the public is sent to us."""
    rules.may_speak_there(by)
    desk = ours(by.agency, desk.moment.pk)
    given = {"subject": " ".join(subject.split())[:80], "who": " ".join(who.split())[:80]}
    if not all(given.values()):
        raise Refused(_("Say which subject, and who speaks on it."))
    try:
        with transaction.atomic():
            row = Spokesperson.objects.create(moment=desk.moment, agency=by.agency, **given)
    except IntegrityError as error:
        raise Refused(
            _("Somebody speaks on this already. They give it up first, then you can take it.")
        ) from error
    to_all(desk.agencies, "speak_on", row, by=by, whose=by.agency.name, speaker=row.who)
    return row


@transaction.atomic
def give_up_subject(row: Spokesperson, *, by: Member) -> None:
    """We speak on it no longer: another may take it."""
    rules.may_take_back(row, by)
    desk = ours(by.agency, row.moment_id, rules.UNREAD)
    to_all(desk.agencies, "give_up_subject", row, by=by, whose=by.agency.name)
    row.delete()


def to_all(
    agencies: Iterable[Agency], verb: str, thing: Fact | Spokesperson, *, by: Member, **detail: str
) -> None:
    """On the record of everybody who could read it there."""
    for agency in agencies:
        witness(verb, thing, by=by, agency=agency.pk, **detail)
