"""The desk of a scenario: an agency, its people, and what they work with, as written down."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from commonground.train.engine.scenario import Part, ScenarioWrong


class AgencyRow(Part, frozen=True):
    slug: str
    name: str
    motto: str
    languages: list[str]
    time_zone: str
    emergency_number: str
    drill: bool = False


class UnitRow(Part, frozen=True):
    name: str
    purpose: str


class MemberRow(Part, frozen=True):
    email: str
    name: str
    unit: str
    roles: list[str]
    language: str = "en"
    certified_days_ago: int | None = None  # none: never trained to speak for the service


class CertificateRow(Part, frozen=True):
    course: str
    good_for_days: int


class ChannelRow(Part, frozen=True):
    network: str
    name: str
    purpose: str
    unit: str
    language: str = "en"
    address: str = ""
    handle: str = ""


class SourceRow(Part, frozen=True):
    name: str
    kind: str
    address: str = ""
    hashtags: list[str] = []
    on: bool = True


class TopicRow(Part, frozen=True):
    name: str
    purpose: str
    proposed_by: str
    approved_by: str
    good_for_days: int
    watch: dict[str, list[str]]
    exclude: dict[str, list[str]] = {}
    places: list[str] = []


class ResourceRow(Part, frozen=True):
    name: str
    about: str
    kind: str
    words: dict[str, str]
    languages: list[str]
    area: str
    hours: str
    owner: str
    checked_days_ago: int
    review_in_days: int
    capacity: str = ""
    phone: str = ""
    url: str = ""


class Desk(Part, frozen=True):
    """Everything a desk is founded with."""

    chief: str  # the e-mail of the member who decides who may speak
    agency: AgencyRow
    certificate: CertificateRow
    units: list[UnitRow]
    members: list[MemberRow]
    channels: list[ChannelRow] = []
    sources: list[SourceRow] = []
    topics: list[TopicRow] = []
    resources: list[ResourceRow] = []

    @property
    def keeper(self) -> str:
        """The e-mail of the administrator who sets the desk up."""
        return next((m.email for m in self.members if "admin" in m.roles), "")

    @property
    def speakers(self) -> list[MemberRow]:
        """Those leadership authorises: who writes, and who lets words go out."""
        return [m for m in self.members if {"author", "approver"} & set(m.roles)]


def desk_from(tables: Mapping[str, object]) -> Desk:
    """Read a desk, and refuse one that names people it does not have."""
    try:
        desk = msgspec.convert(tables, Desk)
    except msgspec.ValidationError as error:
        raise ScenarioWrong(str(error)) from error
    emails = {member.email for member in desk.members}
    named = {desk.chief, *(e for t in desk.topics for e in (t.proposed_by, t.approved_by))}
    if strangers := sorted(named - emails):
        raise ScenarioWrong(f"not a member: {', '.join(strangers)}")
    if not desk.keeper:
        raise ScenarioWrong(f"nobody at {desk.agency.name} is an administrator")
    return desk
