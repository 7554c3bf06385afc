"""Opening, signing in, proving, stopping and lending channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.channels import rules
from commonground.channels.contract import Account, Busy, Declined, Unsure
from commonground.channels.models import TELLING, Authorisation, Channel
from commonground.channels.states import WORKFLOW, State
from commonground.kit.refusals import MovedOn, Refused
from commonground.kit.sealed import sealed_for
from commonground.record.actions import THE_DESK, advance, witness


def open_channel(
    agency: Agency, network: str, name: str, *, by: Member, **described: Any
) -> Channel:
    """A new account to speak from. Where nothing is asked for it is ready at once."""
    rules.may_open(agency, network, name, by)
    with transaction.atomic():
        channel = Channel.objects.create(
            agency=agency, network=network, name=name, drill=agency.drill, **described
        )
        witness("open_channel", channel, by=by, network=network)
    return channel if channel.kind.signs_in else prove(channel)


def sign_in(
    channel: Channel, secrets: Mapping[str, str], *, by: Member, address: str = "", handle: str = ""
) -> Channel:
    """Keep new secrets, sealed, and ask the network at once whether they open the door."""
    rules.may_sign_in(channel, by)
    secrets = {name: value.strip() for name, value in secrets.items()}
    address, handle = address or channel.address, handle or channel.handle
    rules.must_be_complete(channel.kind, secrets, address, handle)
    with transaction.atomic():
        # Without its public address the channel takes whoever the network says it is now.
        change(channel, secrets=secrets, address=address, handle=handle, url="", trouble="")
        witness("sign_in", channel, by=by, address=address, handle=handle)
    return prove(channel)


def prove(channel: Channel) -> Channel:
    """Ask the network who we are, outside any transaction, and write down what it says.

    A proof that changes nothing is a heartbeat: it moves the clock, and no entry of the
    record says ninety times a day that all is well.
    """
    change(channel, asked_at=timezone.now())
    try:
        account = channel.adapter().prove()
    except Declined as no:
        return lose(channel, str(no))
    except (Busy, Unsure) as trouble:
        return change(channel, trouble=str(trouble)[:300])
    if channel.url and channel.url != account.url:
        return lose(channel, _("The network says that this is %(who)s.") % {"who": account.handle})
    return confirm(channel, account)


def confirm(channel: Channel, account: Account) -> Channel:
    known: dict[str, Any] = {
        "handle": account.handle[:120],
        "url": account.url[:300],
        "proved_at": timezone.now(),
        "signed_in_until": account.until,
        "trouble": "",
    }
    if WORKFLOW.after("prove", State(channel.state)) is None:
        return change(channel, **known)
    told = {"handle": account.handle, "url": account.url}
    return advance(channel, "prove", by=THE_DESK, told=told, **known)


def lose(channel: Channel, why: str) -> Channel:
    """The network no longer knows us: a person must sign in, and the page says why."""
    if WORKFLOW.after("lose", State(channel.state)) is None:
        return change(channel, trouble=why[:300])
    return advance(channel, "lose", by=THE_DESK, told={"why": why[:300]}, trouble=why[:300])


@transaction.atomic
def give_up(channel: Channel, why: str) -> Channel:
    """Forget its secrets, whatever state it is in: a person must sign it in anew."""
    with suppress(MovedOn):
        lose(channel, why)
    return change(channel, secrets={}, trouble=why[:300])


def begin_telling(channel: Channel, now: datetime) -> bool:
    """Of several workers one tells; if it dies over it, another begins a minute later."""
    as_we_saw_it = Channel.objects.filter(pk=channel.pk, told_of=channel.told_of)
    return bool(as_we_saw_it.update(told_of=f"{TELLING} {int(now.timestamp())}"))


def note_told(channel: Channel, reached: Sequence[str]) -> None:
    """Its people know; whom a letter reached stands in the record, with nobody too."""
    with transaction.atomic():
        change(channel, told_of=channel.needs_a_person)
        witness("tell_of_sign_in", channel, by=THE_DESK, names=list(reached))


def prove_next() -> Channel | None:
    """Prove the channel that nobody has asked for longest, if any is due."""
    now = timezone.now()
    channel = Channel.objects.to_prove(now).first()
    if channel is None or not claimed(channel, now):
        return None
    # A person may close or pause it while we ask. Theirs is the last word.
    with suppress(MovedOn):
        prove(channel)
    return channel


def claimed(channel: Channel, now: datetime) -> bool:
    """Of several workers one gets it."""
    as_we_saw_it = Channel.objects.filter(pk=channel.pk, asked_at=channel.asked_at)
    return bool(as_we_saw_it.update(asked_at=now))


def pause(channel: Channel, *, by: Member) -> Channel:
    """Say nothing from here until someone resumes it; what waits, waits."""
    rules.may_run(channel.agency_id, by)
    return advance(channel, "pause", by=by)


def resume(channel: Channel, *, by: Member) -> Channel:
    """Speak from here again; what waited and is not too late goes out."""
    rules.may_run(channel.agency_id, by)
    return advance(channel, "resume", by=by)


def close(channel: Channel, *, by: Member) -> Channel:
    """For good: the secrets are forgotten, and nobody may speak from here any more."""
    rules.may_run(channel.agency_id, by)
    with transaction.atomic():
        advance(channel, "close", by=by, secrets={})
        channel.authorisations.filter(ended_at=None).update(ended_at=timezone.now())
    return channel


@transaction.atomic
def authorise(
    channel: Channel, member: Member, *, by: Member, decision: str,
    until: datetime | None = None, topics: str = "", alone: bool = False,
    **trail: str,
) -> Authorisation:  # fmt: skip
    """Let a member speak from a channel. What they were allowed before, this replaces.

    `trail`: what was asked for (request), and what stood in the way (obstacles).
    """
    rules.may_authorise(channel, member, until, decision, by)
    now = timezone.now()
    channel.authorisations.filter(member=member, ended_at=None).update(ended_at=now)
    given = channel.authorisations.create(
        member=member, decided_by=by, decision=decision.strip(), ends_at=until, topics=topics,
        starts_at=now, alone=alone, 
        **{name: said.strip() for name, said in trail.items()},
        confirmed_at=now,
    )  # fmt: skip
    witness(
        "authorise", channel, by=by, member=member.name, decision=given.decision,
        until=until.isoformat() if until else None, topics=topics, alone=alone,
        request=given.request, obstacles=given.obstacles,
    )  # fmt: skip
    return given


@transaction.atomic
def reconfirm(authorisation: Authorisation, *, by: Member) -> Authorisation:
    """Once a year somebody else says that it still holds."""
    rules.may_reconfirm(authorisation, by)
    now = timezone.now()
    in_force = Authorisation.objects.in_force().filter(pk=authorisation.pk)
    if not in_force.update(confirmed_at=now, confirmed_by=by):
        raise MovedOn(_("This was ended already."))
    authorisation.confirmed_at, authorisation.confirmed_by = now, by
    witness("reconfirm", authorisation.channel, by=by, member=authorisation.member.name)
    return authorisation


@transaction.atomic
def end_authorisation(authorisation: Authorisation, *, by: Member) -> Authorisation:
    """From this second the member no longer speaks from the channel."""
    rules.may_end(authorisation, by)
    now = timezone.now()
    still = Authorisation.objects.filter(pk=authorisation.pk, ended_at=None)
    if not still.update(ended_at=now):
        raise MovedOn(_("This was ended already."))
    authorisation.ended_at = now
    channel, member = authorisation.channel, authorisation.member
    witness("end_authorisation", channel, by=by, member=member.name)
    return authorisation


def forget(channel: Channel, typed: str, *, by: Member) -> bool:
    """Delete one reader of this channel at their request. Whether they were there; the record
    says that somebody asked, and not who."""
    rules.may_run(channel.agency_id, by)
    if channel.kind.forget is None:
        raise Refused(_("This channel keeps no readers of its own."))
    with transaction.atomic():
        found = channel.kind.forget(str(channel.pk), typed)
        witness("forget", channel, by=by, found=found)
    return found


def change(channel: Channel, **fields: Any) -> Channel:
    """Set columns that are not its state, without touching what others may have changed."""
    Channel.objects.filter(pk=channel.pk).update(**sealed_for(channel, **fields))
    for name, value in fields.items():
        setattr(channel, name, value)
    return channel
