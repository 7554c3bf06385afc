"""Experiments as their pages show them: the plan, its power, who got which way, what was found."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from commonground.agency.models import Agency
from commonground.learn.engine.effects import power, smallest
from commonground.learn.models import Experiment
from commonground.learn.states import UNREGISTERED
from commonground.record.models import Entry, name_of


def experiments_of(agency: Agency) -> QuerySet[Experiment]:
    return agency.experiments.select_related("planned_by", "agency")


def our_experiment(agency: Agency, experiment_id: UUID) -> Experiment | None:
    return experiments_of(agency).filter(pk=experiment_id).first()


def public_experiments(agency: Agency) -> list[Experiment]:
    """Every one whose plan was registered, called off or not, whatever it found."""
    ours = experiments_of(agency).exclude(state__in=UNREGISTERED)
    return list(ours.filter(agency__drill=False).order_by("-registered_at"))


def plan_of(experiment: Experiment) -> dict[str, Any]:
    """All that is settled before it begins."""
    held = experiment
    return {
        "title": held.title, "hypothesis": held.hypothesis, "outcome": held.outcome,
        "one": held.one, "other": held.other, "design": held.design, "units": held.units,
        "usual": held.usual, "matters": held.matters, "begins_on": str(held.begins_on),
        "ends_on": str(held.ends_on),
    }  # fmt: skip


def digest_of_plan(experiment: Experiment) -> str:
    plan = json.dumps(plan_of(experiment), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plan.encode()).hexdigest()


@dataclass(frozen=True)
class Promise:
    """What such an experiment could find. In per cent, and in the outcome's own unit; None where
    nothing can be said."""

    power: float | None
    smallest: float | None

    @property
    def is_weak(self) -> bool:
        return self.power is None or self.power < 80


def power_of(experiment: Experiment) -> Promise:
    usual = np.array(experiment.usual, np.float64)
    chance = power(usual, experiment.matters, experiment.kind)
    least = smallest(usual, experiment.kind)
    return Promise(
        None if math.isnan(chance) else 100 * chance, None if math.isnan(least) else least
    )


@dataclass(frozen=True)
class Unit:
    name: str
    way: str
    outcome: float | None


def units_of(experiment: Experiment) -> list[Unit]:
    """In their order, with what chance gave them."""
    outcomes = experiment.outcomes or [None] * len(experiment.units)
    named = (experiment.one, experiment.other)
    return [
        Unit(unit, named[way], outcome)
        for unit, way, outcome in zip(experiment.units, experiment.ways, outcomes, strict=True)
    ]


def entries_of(experiment: Experiment) -> list[int]:
    """The numbers of the entries that prove the plan and the end."""
    verbs = ["preregister", "conclude", "call_off"]
    rows = Entry.objects.filter(subject=name_of(experiment), verb__in=verbs)
    return list(rows.order_by("number").values_list("number", flat=True))


def experiment_as_document(experiment: Experiment) -> dict[str, Any]:
    """For machines. What would spoil a running one is told when it is over."""
    said = {
        "id": str(experiment.pk), "state": experiment.state,
        "registered": experiment.registered_at, "over": experiment.over_at,
        "sha256_of_plan": experiment.plan_sha256, "commitment": experiment.commitment,
        "entries_of_the_record": entries_of(experiment),
    }  # fmt: skip
    if not experiment.is_over:
        return said
    return said | {
        "plan": plan_of(experiment), "seed": experiment.seed, "ways": experiment.ways,
        "outcomes": experiment.outcomes, "found": experiment.found, "reason": experiment.reason,
    }  # fmt: skip
