"""Reads of holds and alarms that pages share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Prefetch, Q, QuerySet

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.channels.models import Channel
from commonground.protect.engine.health import GRAVE, Fault, faults
from commonground.protect.engine.ties import both_ways
from commonground.protect.models import (
    AccountCheck,
    Alarm,
    Hold,
    Impostor,
    Lookout,
    Proof,
    Revocation,
)

TOLD_FOR = timedelta(days=1)  # how long the newsroom says that we speak again


def standing_over(agency: Agency) -> Hold | None:
    """The hold that stops this agency now, with who set it and who agreed to lift it."""
    return Hold.objects.standing().filter(agency=agency).select_related("by", "first_yes").first()


def ending(hold: Hold) -> QuerySet[Revocation]:
    """The sign-ins that end, or ended, under a hold."""
    return hold.revocations.select_related("channel")


def spoken_for(agency: Agency, now: datetime) -> Hold | None:
    """The newest hold the public was told of: while it stands, and for a day after."""
    told = Hold.objects.filter(agency=agency).exclude(said="").order_by("-since")
    return told.filter(Q(lifted_at=None) | Q(lifted_at__gt=now - TOLD_FOR)).first()


def last_told(agency: Agency) -> datetime | None:
    """When what the public was told of our stops last changed."""
    known = Hold.objects.filter(agency=agency).exclude(said_at=None)
    found = known.aggregate(said=Max("said_at"), lifted=Max("lifted_at"))
    return max((at for at in found.values() if at), default=None)


def alarms(agency: Agency) -> QuerySet[Alarm]:
    return Alarm.objects.filter(agency=agency).select_related("channel", "decided_by")


def impostors(agency: Agency) -> QuerySet[Impostor]:
    return Impostor.objects.filter(agency=agency).select_related("decided_by")


def not_ours(agency: Agency, now: datetime) -> list[Impostor]:
    """Accounts of which a person has said that they pretend to be us."""
    return list(Impostor.objects.filter(agency=agency).not_ours(now).order_by("-reported_at"))


def lookouts(agency: Agency) -> QuerySet[Lookout]:
    """How each account is watched, with when we last looked."""
    ours = Lookout.objects.filter(channel__agency=agency).select_related("channel")
    return ours.order_by("channel__name")


@dataclass(frozen=True, slots=True)
class Health:
    """One account, the last look at how it is kept, and what is wrong with it."""

    channel: Channel
    check: AccountCheck | None
    faults: Sequence[Fault]
    proofs: Sequence[Proof] = ()

    @property
    def verified_at(self) -> datetime | None:
        """When the account and we were last seen to name each other."""
        return both_ways(proof.tie for proof in self.proofs)

    @property
    def is_grave(self) -> bool:
        return not GRAVE.isdisjoint(self.faults)


def health_of(agency: Agency, now: datetime) -> list[Health]:
    """Every account others could take from us, the worst first."""
    elsewhere = Channel.objects.open().elsewhere().filter(agency=agency, drill=False)
    newest = Prefetch("checks", AccountCheck.objects.prefetch_related("owners"))
    found = []
    for channel in elsewhere.prefetch_related(newest, "proofs"):
        check, proofs = next(iter(channel.checks.all()), None), list(channel.proofs.all())
        broken = [Fault.UNPROVED] if any(proof.broken_at for proof in proofs) else []
        wrong = [*broken, *faults(check.kept if check else None, now)]
        found.append(Health(channel, check, wrong, proofs))
    return sorted(found, key=lambda one: (not one.is_grave, not one.faults, one.channel.name))


def who_answers(agency: Agency) -> QuerySet[Member]:
    """Those who may start everything again answer for our accounts."""
    ours = agency.members.filter(is_active=True, role_rows__role__in=[Role.APPROVER, Role.ADMIN])
    return ours.distinct()


def is_stopped(agency_id: UUID) -> bool:
    """Whether this agency stopped everything. Named in `settings.STOPPED_BY`."""
    return Hold.objects.standing().filter(agency=agency_id).exists()
