"""Coverage, articles and rounds of the pulse, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import time_machine
from django.utils import timezone
from tests import given

from commonground.agency.models import Member
from commonground.learn import actions, queries
from commonground.learn.engine.after_action import digest_of
from commonground.learn.models import (
    Article,
    Census,
    Coverage,
    Experiment,
    FrozenReport,
    Mistake,
    Pulse,
    Reading,
    Reply,
)
from commonground.say.models import Delivery
from commonground.say.states import DeliveryState

MESSAGES = [
    "If you have been drinking, do not drive: call a taxi.",
    "Mill Road is closed until 6 p.m.",
]
TEXT = "Mill Road is closed until 8 p.m., police said.\nIt rained."


def a_coverage(*, by: Member) -> Coverage:
    return Coverage.objects.create(
        agency=by.agency, moment=given.a_moment(agency=by.agency), messages=MESSAGES, made_by=by
    )


def an_article(*, by: Member, **but: Any) -> Article:
    """An article as it stands, with a reading of each message."""
    article = Article.objects.create(
        **{
            "coverage": a_coverage(by=by), "outlet": "Gazette", "headline": "Rain", "text": TEXT,
            "published_on": timezone.localdate(), "added_by": by, "sha256": "0" * 64, **but,
        }
    )  # fmt: skip
    Reading.objects.bulk_create(
        Reading(article=article, place=n, message=m, carried=0, sure=True)
        for n, m in enumerate(MESSAGES)
    )
    return article


def a_mistake(*, by: Member, **but: Any) -> Mistake:
    """A figure in an article that differs from a message; nobody has looked yet."""
    return Mistake.objects.create(
        **{
            "agency": by.agency, "article": an_article(by=by), "wrong": TEXT.splitlines()[0],
            "right": MESSAGES[1], **but,
        }
    )  # fmt: skip


def a_frozen_report(*, by: Member) -> FrozenReport:
    moment = given.a_moment(agency=by.agency)
    told = queries.report_of(moment).as_dict()
    return FrozenReport.objects.create(
        agency=by.agency, moment=moment, number=1, told=told, sha256=digest_of(told), frozen_by=by
    )


TRAITS = [
    {"name": "age", "classes": ["under 30", "30 and over"], "people": [400, 600],
     "words": {"fr": ["âge", "moins de 30 ans", "30 ans et plus"]}},
    {"name": "area", "classes": ["North", "South"], "people": [500, 500], "words": {}},
]  # fmt: skip


def a_census(*, by: Member, traits: list[dict[str, Any]] = TRAITS) -> Census:
    return actions.bring_census(source="Census 2026", traits=traits, sha256="1" * 64, by=by)


def a_pulse_draft(*, by: Member, **but: Any) -> Pulse:
    census = but.pop("census", None) or a_census(by=by)
    asked = {
        "word": f"trust-{next(given.number)}", "languages": ["en", "fr"], "words": {},
        "kinds": ["code"], "closes_at": timezone.now() + timedelta(days=14), **but,
    }  # fmt: skip
    return actions.draft_pulse(census, by=by, **asked)


def a_pulse(*, by: Member | None = None, **but: Any) -> Pulse:
    """A round that is open."""
    by = by or given.a_member()
    pulse = a_pulse_draft(by=by, **but)
    second = given.a_member(agency=by.agency, roles=["approver"])
    return actions.open_pulse(pulse, read=queries.digest_of_pulse(pulse), by=second)


def answered(pulse: Pulse, many: int = 40, kind: str = "code", seed: int = 1) -> Pulse:
    """So many people answered it: written as answers are, without the door."""
    chance = np.random.default_rng(seed)
    rows = []
    for n in range(many):
        scores = [int(s) for s in np.clip(chance.normal(3.5, 1.0, 4).round(), 1, 5)]
        rows.append(
            Reply(pulse=pulse, kind=kind, said={"scores": scores, "traits": [n % 2, n % 3 // 2]})
        )
    Reply.objects.bulk_create(rows)
    if kind == "code":
        Pulse.objects.filter(pk=pulse.pk).update(invited=3 * many)
    pulse.refresh_from_db()
    return pulse


def a_counted_pulse(*, by: Member | None = None, many: int = 40, **but: Any) -> Pulse:
    pulse = answered(a_pulse(by=by, **but), many)
    if "open" in pulse.kinds:
        answered(pulse, 12, "open")
    actions.end_pulse(pulse)
    return actions.count_pulse(pulse)


UNITS = [f"Area {n}" for n in range(12)]


def a_plan(*, by: Member, **but: Any) -> Experiment:
    first = timezone.localdate() + timedelta(days=2)
    plan = {
        "title": "Plain words about noise", "hypothesis": "Plain words lead to fewer calls.",
        "outcome": "calls per 1,000 people", "one": "the usual words", "other": "plain words",
        "design": "apart", "units": UNITS, "usual": [10.0 + n % 4 for n in range(12)],
        "matters": 2.0, "begins_on": first, "ends_on": first + timedelta(days=60), **but,
    }  # fmt: skip
    return actions.plan_experiment(by=by, **plan)


def an_experiment(*, by: Member | None = None, **but: Any) -> Experiment:
    """One that is registered and running."""
    plan = a_plan(by=by or given.a_member(), **but)
    second = given.a_member(agency=plan.agency, roles=["approver"])
    return actions.preregister_experiment(plan, read=queries.digest_of_plan(plan), by=second)


def concluded(experiment: Experiment, other: float = 3.0) -> Experiment:
    """Its time is over, and the other way made so large a difference."""
    chance = np.random.default_rng(5)
    outcomes = [
        float(y) for y in 10 + chance.normal(0, 0.7, len(experiment.units))
        + other * np.asarray(experiment.ways)
    ]  # fmt: skip
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        return actions.conclude_experiment(experiment, outcomes=outcomes, by=experiment.planned_by)


def a_seen_post(**but: Any) -> Delivery:
    """A post of which one channel was seen to show it, just now."""
    post, now = given.a_post(**but), timezone.now()
    number = next(given.number)
    return Delivery.objects.create(
        variant=post.variants.get(), agency=post.agency, key=f"key-{number}", approved="x",
        state=DeliveryState.SENT, due_at=now, not_after=now, next_at=now, seen_at=now,
        network_id=f"{number}", url=f"https://social.example/{number}",
    )  # fmt: skip
