"""Founding a practice agency, with everything a desk needs to work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from commonground.agency.models import Agency, Certificate, Member, MemberRole, Unit
from commonground.channels.models import Authorisation, Channel
from commonground.hear import actions as hear
from commonground.hear.models import SourceKind
from commonground.record.actions import THE_DESK, Person, witness
from commonground.spot import actions as spot
from commonground.train.engine.desk import (
    ChannelRow,
    Desk,
    MemberRow,
    ResourceRow,
    SourceRow,
    TopicRow,
)
from commonground.train.queries import desks_of

WRITTEN_DECISION = "May speak for the service on this channel. Founded with the desk."


@transaction.atomic
def found_agency(scenario: str, *, password: str) -> Agency:
    """The scenario's agency, ready for work, and beside it the one it drills in.

    Founding again adds what the scenario has gained and leaves all else as people made
    it: passwords, roles and words stay. Channels are new: whoever signs them in proves them.
    """
    agencies = [found(desk, password) for desk in desks_of(scenario)]
    return agencies[0]


def found(desk: Desk, password: str | None) -> Agency:
    """Without a password nobody can sign in to it."""
    row = desk.agency
    agency, _ = once(
        Agency, "open", {"slug": row.slug}, by=THE_DESK,
        name=row.name, motto=row.motto, languages=row.languages, drill=row.drill,
        time_zone=row.time_zone, emergency_number=row.emergency_number,
    )  # fmt: skip
    for unit in desk.units:
        named = {"agency": agency, "name": unit.name}
        once(Unit, "add", named, by=THE_DESK, purpose=unit.purpose)
    people = {row.email: invite(agency, desk, row, password) for row in desk.members}
    furnish(agency, desk, people)
    return agency


def furnish(agency: Agency, desk: Desk, people: dict[str, Member]) -> None:
    """Give the people their channels, sources, topics and resources."""
    speakers = [people[row.email] for row in desk.speakers]
    for channel in desk.channels:
        authorise(open_channel(agency, channel), speakers, by=people[desk.chief])
    for source in desk.sources:
        listen_at(agency, source, by=people[desk.keeper])
    for topic in desk.topics:
        agree_on(agency, topic, people)
    for resource in desk.resources:
        shelve(agency, resource, by=people[desk.keeper])


def once[T: models.Model](
    noun: type[T], verb: str, named: dict[str, Any], *, by: Person, **fields: Any
) -> tuple[T, bool]:
    """The thing of this name; if there is none yet it is made, and written down."""
    thing, is_new = noun._default_manager.get_or_create(**named, defaults=fields)
    if is_new:
        agency = thing if isinstance(thing, Agency) else named.get("agency")
        witness(verb, thing, by=by, agency=agency.pk if agency else None)
    return thing, is_new


def invite(agency: Agency, desk: Desk, row: MemberRow, password: str | None) -> Member:
    """A person who can sign in, with roles and, if they were trained, a certificate."""
    if there := agency.members.filter(email=row.email).first():
        return there
    member = Member.objects.create_user(
        row.email, password, agency=agency, name=row.name, language=row.language,
        unit=agency.units.get(name=row.unit),
    )  # fmt: skip
    MemberRole.objects.bulk_create([MemberRole(member=member, role=r) for r in row.roles])
    witness("invite", member, by=THE_DESK, roles=row.roles)
    if row.certified_days_ago is not None:
        award(member, desk, days_ago=row.certified_days_ago)
    return member


def award(member: Member, desk: Desk, *, days_ago: int) -> Certificate:
    awarded = timezone.now() - timedelta(days=days_ago)
    certificate = Certificate.objects.create(
        member=member,
        course=desk.certificate.course,
        awarded_at=awarded,
        expires_at=awarded + timedelta(days=desk.certificate.good_for_days),
    )
    witness("award", certificate, by=THE_DESK, agency=member.agency_id)
    return certificate


def open_channel(agency: Agency, row: ChannelRow) -> Channel:
    named = {"agency": agency, "name": row.name}
    channel, _ = once(
        Channel, "open", named, by=THE_DESK,
        network=row.network, purpose=row.purpose, unit=agency.units.get(name=row.unit),
        language=row.language, address=row.address, handle=row.handle, drill=agency.drill,
    )  # fmt: skip
    return channel


def authorise(channel: Channel, speakers: list[Member], *, by: Member) -> None:
    """Leadership's written yes. One that was ever ended is not given again from here."""
    held = set(channel.authorisations.values_list("member_id", flat=True))
    for member in speakers:
        if member.pk in held:
            continue
        yes = Authorisation.objects.create(
            channel=channel, member=member, decided_by=by, decision=WRITTEN_DECISION
        )
        witness("authorise", yes, by=by, agency=channel.agency_id)


def listen_at(agency: Agency, row: SourceRow, *, by: Member) -> None:
    """A source set up by the administrator, and switched off where the scenario says so."""
    if agency.sources.filter(name=row.name).exists():
        return
    if row.kind == SourceKind.REPLAY:
        hear.replay_source(agency, row.name)
        return
    source = hear.add_source(
        agency, name=row.name, kind=row.kind, address=row.address, hashtags=row.hashtags, by=by
    )
    if not row.on:
        hear.change_source(source, on=False, by=by)


def agree_on(agency: Agency, row: TopicRow, people: dict[str, Member]) -> None:
    """A topic two people agreed to: one proposed it, another one let it be listened for."""
    if agency.topics.filter(name=row.name).exists():
        return
    topic = hear.propose_topic(
        agency, name=row.name, purpose=row.purpose, watch=row.watch, exclude=row.exclude,
        places=row.places, by=people[row.proposed_by],
        expires_on=timezone.now() + timedelta(days=row.good_for_days),
    )  # fmt: skip
    hear.approve_topic(topic, by=people[row.approved_by])


def shelve(agency: Agency, row: ResourceRow, *, by: Member) -> None:
    """A resource in the library, checked as many days ago as the scenario says."""
    if agency.resources.filter(name=row.name).exists():
        return
    today = timezone.localdate()
    spot.add_resource(
        agency, by=by,
        name=row.name, about=row.about, kind=row.kind, words=row.words,
        languages=row.languages, area=row.area, hours=row.hours, owner=row.owner,
        capacity=row.capacity, phone=row.phone, url=row.url,
        checked_on=today - timedelta(days=row.checked_days_ago),
        review_by=today + timedelta(days=row.review_in_days),
    )  # fmt: skip
