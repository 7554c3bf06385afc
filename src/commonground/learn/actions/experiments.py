"""A fair experiment: planned, put on the record by a second person, and shown in any case."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from commonground.agency.models import Member
from commonground.kit.sealed import sealed_for
from commonground.learn import queries, rules
from commonground.learn.engine.effects import commitment, drawn, effect
from commonground.learn.models import Experiment
from commonground.record.actions import advance, witness


@transaction.atomic
def plan_experiment(*, by: Member, **plan: Any) -> Experiment:
    """Write down what will be compared, before anybody knows who gets which way."""
    rules.may_survey(by)
    experiment = Experiment.objects.create(agency=by.agency, planned_by=by, **plan)
    witness("plan_experiment", experiment, by=by, plan=queries.digest_of_plan(experiment))
    return experiment


@transaction.atomic
def preregister_experiment(experiment: Experiment, *, read: str, by: Member) -> Experiment:
    """Put the plan on the record, and let chance say who gets which way. From here on it is shown,
    whatever comes of it: also if it is called off."""
    plan = queries.digest_of_plan(experiment)
    rules.may_register(experiment, by, read=read, digest=plan)
    # The plan is in the draw: another plan with the same seed would have drawn otherwise.
    seed = f"{secrets.token_hex(32)}.{plan}"
    told = {"plan": plan, "commitment": commitment(seed), "units": len(experiment.units)}
    experiment = advance(
        experiment, "preregister", by=by, told=told, plan_sha256=plan,
        commitment=told["commitment"],
        ways=drawn(seed, experiment.units, experiment.kind), registered_at=timezone.now(),
    )  # fmt: skip
    Experiment.objects.filter(pk=experiment.pk).update(**sealed_for(experiment, seed=seed))
    experiment.seed = seed
    return experiment


@transaction.atomic
def drop_experiment(experiment: Experiment, *, by: Member) -> Experiment:
    """Put a plan away that nobody registered."""
    rules.may_put_plan_away(experiment, by)
    return advance(experiment, "drop", by=by)


@transaction.atomic
def take_up_experiment(experiment: Experiment, *, by: Member) -> Experiment:
    """The plan is wanted after all."""
    rules.may_put_plan_away(experiment, by)
    return advance(experiment, "take_up", by=by)


@transaction.atomic
def conclude_experiment(
    experiment: Experiment, *, outcomes: Sequence[float | None], by: Member
) -> Experiment:
    """Tell what was measured, and what difference it made, with its interval."""
    rules.may_conclude(experiment, by, outcomes=outcomes)
    return over(experiment, "conclude", outcomes, by)


@transaction.atomic
def call_off_experiment(experiment: Experiment, *, reason: str, by: Member) -> Experiment:
    """End it before its time. Its plan and the reason are shown in public."""
    rules.may_call_off(experiment, by)
    return over(experiment, "call_off", [], by, reason=reason.strip()[:300])


def over(
    experiment: Experiment, how: str, outcomes: Sequence[float | None], by: Member, reason: str = ""
) -> Experiment:
    found: dict[str, Any] = {}
    if outcomes:
        measured = np.array([np.nan if y is None else y for y in outcomes], np.float64)
        tries = int(experiment.commitment[:8], 16)
        found = effect(measured, experiment.ways, experiment.kind, tries).told()
    result = json.dumps([list(outcomes), found], sort_keys=True)
    told = {
        "plan": experiment.plan_sha256, "reason": reason, "seed": experiment.seed,
        "result": hashlib.sha256(result.encode()).hexdigest(),
    }  # fmt: skip
    return advance(
        experiment, how, by=by, outcomes=list(outcomes), found=found, reason=reason,
        over_at=timezone.now(), told=told,
    )  # fmt: skip
