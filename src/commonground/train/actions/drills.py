"""Holding a drill: beginning it, what an instructor can do to it, and what its clock does."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.channels import actions as channels
from commonground.channels.models import Channel
from commonground.channels.states import State as ChannelState
from commonground.kit.clock import database_now
from commonground.kit.refusals import Refused
from commonground.record.actions import THE_DESK, advance, witness
from commonground.train import rules
from commonground.train.actions.debrief import debrief_of
from commonground.train.actions.happening import (
    let_happen,
    let_people_write,
    note_acts,
    note_said,
)
from commonground.train.actions.hearing import forget_what_was_heard, let_hear
from commonground.train.actions.reading import read_as_the_desk
from commonground.train.engine.plan import Plan
from commonground.train.models import Drill, Recording, Seat
from commonground.train.queries.playing import playing_of, ready_channel
from commonground.train.states import State

# A worker that was away longer than this was down: the drill stood still with the desk.
LONGEST_ROUND = 5.0  # seconds


def begin_drill(
    plan: Plan, seats: Mapping[str, Sequence[Member]], *, by: Member, speed: float | None = None,
    seed: int | None = None, recording: Recording | None = None,
) -> Drill:  # fmt: skip
    """Its clock runs, on the rehearsal of an agency that is a drill and nowhere else."""
    rules.may_begin_drill(by.agency, by)
    if recording:
        rules.may_bring_recordings(by, recording)
    return set_going(plan, seats, by=by, speed=speed, seed=seed, recording=recording)


def set_going(
    plan: Plan, seats: Mapping[str, Sequence[Member]], *, by: Member, speed: float | None = None,
    seed: int | None = None, recording: Recording | None = None,
) -> Drill:  # fmt: skip
    """The same, for whoever was found to be somebody who may."""
    rules.must_be_filled(by.agency, seats)
    channel = a_rehearsal(by.agency)
    chosen = secrets.randbelow(1 << 31) if seed is None else seed
    with transaction.atomic():
        # Of two who begin one at once, the second is told of the first.
        Agency.objects.select_for_update().get(pk=by.agency_id)
        rules.must_be_a_free_desk_for_drills(by.agency)
        drill = Drill.objects.create(
            agency=by.agency, channel=channel, written=msgspec.to_builtins(plan), seed=chosen,
            begun_by=by, speed=rules.must_be_a_speed(speed or plan.speed),
        )  # fmt: skip
        Seat.objects.bulk_create(
            Seat(drill=drill, member=member, role=role)
            for role, people in seats.items()
            for member in people
        )
        note_pace(drill)
        let_hear(drill, recording)
        witness("begin_drill", drill, by=by, plan=plan.name, seed=chosen, speed=drill.speed)
    return drill


def a_rehearsal(agency: Agency) -> Channel:
    """One that is ready; one that was founded and never asked is asked now."""
    if found := ready_channel(agency):
        return found
    fresh = agency.channels.filter(network="rehearsal", drill=True, state=ChannelState.NEW)
    for channel in fresh:
        channels.prove(channel)
    if found := ready_channel(agency):
        return found
    raise Refused(
        _("There is no rehearsal to speak on. An administrator opens one under Channels.")
    )


def pause(drill: Drill, *, by: Member) -> Drill:
    """Its clock stands still; nothing happens in it until somebody goes on."""
    rules.may_lead(drill, by)
    return advance(drill, "pause", by=by)


def resume(drill: Drill, *, by: Member) -> Drill:
    """Its clock runs on from the minute where it stood."""
    rules.may_lead(drill, by)
    drill.ticked_at = database_now()
    paces = [*drill.paces, pace_of(drill)]
    return advance(drill, "resume", by=by, ticked_at=drill.ticked_at, paces=paces)


@transaction.atomic
def end(drill: Drill, *, by: Member) -> Drill:
    """It is over; what waited to be said in it is never said, and everybody in it can look back."""
    rules.may_lead(drill, by)
    drill = Drill.objects.select_for_update(of=("self",)).get(pk=drill.pk)
    told = {"minute": drill.minute}
    return advance(drill, "end", by=by, told=told, **as_it_ended(drill))


@transaction.atomic
def run_out(drill: Drill) -> Drill:
    """Its last minute has passed."""
    return advance(drill, "run_out", by=THE_DESK, **as_it_ended(drill))


def pace_of(drill: Drill) -> list[float]:
    """When its clock was where, and how fast it runs from there."""
    return [drill.ticked_at.timestamp(), drill.minute, drill.speed]


def note_pace(drill: Drill) -> None:
    drill.paces = [*drill.paces, pace_of(drill)]
    drill.save(update_fields=["paces"])


def as_it_ended(drill: Drill) -> dict[str, Any]:
    """When, and what the debrief says: worked out now, and then never again. What was heard in it
    is forgotten."""
    forget_what_was_heard(drill)
    return {"ended_at": timezone.now(), "debrief": debrief_of(drill)}


@transaction.atomic
def set_speed(drill: Drill, speed: float, *, by: Member) -> Drill:
    """Faster or slower from now on; what happened stays where it is."""
    rules.may_direct(drill, by)
    rules.must_be_going(drill)
    drill.speed = rules.must_be_a_speed(speed)
    drill.save(update_fields=["speed"])
    note_pace(drill)
    witness("set_speed", drill, by=by, speed=drill.speed, minute=drill.minute)
    return drill


@transaction.atomic
def inject(drill: Drill, name: str, *, by: Member) -> Drill:
    """Something that is written happens now, instead of at its minute."""
    rules.may_direct(drill, by)
    drill = Drill.objects.select_for_update(of=("self",)).get(pk=drill.pk)
    rules.may_inject(drill, name)
    let_happen(drill, drill.plan.inject(name), drill.minute, None)
    witness("inject", drill, by=by, inject=name, minute=drill.minute)
    return drill


@transaction.atomic
def go_on(drill: Drill, now: datetime) -> Drill:
    """One round of its clock: what was said and done since, what is due now.

    Whatever stands in rows was taken into account; the rest follows from them again. So a desk
    that was stopped in the middle goes on where it stood, and two workers never do the same.
    """
    drill = Drill.objects.select_for_update(of=("self",)).select_related(
        "agency__first_run__reader", "channel"
    ).get(pk=drill.pk)  # fmt: skip
    if drill.state != State.RUNNING:
        return drill
    away = (now - drill.ticked_at).total_seconds()
    passed = min(max(away, 0.0), LONGEST_ROUND)
    drill.minute = min(drill.minute + passed * drill.speed / 60, drill.plan.minutes)
    drill.ticked_at = now
    if away > LONGEST_ROUND:
        note_pace(drill)
    playing = playing_of(drill)
    for one in drill.plan.injects:
        if one.minute <= drill.minute and one.name not in playing.injects:
            let_happen(drill, one, one.minute, playing)
    note_acts(drill)
    note_said(drill, playing, now, passed)
    read_as_the_desk(drill)
    let_people_write(drill, playing)
    drill.save(update_fields=["minute", "ticked_at"])
    return run_out(drill) if drill.minute >= drill.plan.minutes else drill
