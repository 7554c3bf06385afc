"""What can be wished for of the pulse and of experiments: rounds, answers, what was found."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from django.utils import timezone

from commonground.learn import actions, queries
from commonground.learn.models import Census, Experiment, Pulse, Reply
from tests.journeys import scene

TRAITS = [
    {"name": "age", "classes": ["under 30", "30 to 59", "60 and over"],
     "people": [23410, 48200, 28900],
     "words": {"fr": ["âge", "moins de 30 ans", "30 à 59 ans", "60 ans et plus"]}},
    {"name": "area", "classes": ["Harbour", "North Quay", "Old Town"],
     "people": [41200, 38100, 21210], "words": {}},
    {"name": "language", "classes": ["en", "fr", "ti"], "people": [70100, 26300, 4110],
     "words": {}},
]  # fmt: skip
AREAS = ["Harbour", "North Quay", "Old Town", "Mill", "Castle", "Ferry", "Hill", "Park"]


def bring_census() -> Census:
    return actions.bring_census(
        source="Census 2026, Statistics Office", traits=TRAITS, sha256="3f" * 32,
        by=scene.person("dov"),
    )  # fmt: skip


def a_round(word: str, kinds: tuple[str, ...] = ("code", "open")) -> Pulse:
    census = Census.objects.first() or bring_census()
    return actions.draft_pulse(
        census, word=word, languages=["en", "fr"], words={}, kinds=list(kinds),
        closes_at=timezone.now() + timedelta(days=14), by=scene.person("dov"),
    )  # fmt: skip


def draft_a_round() -> str:
    return a_round("spring").get_absolute_url()


def opened(pulse: Pulse) -> Pulse:
    read = queries.digest_of_pulse(pulse)
    return actions.open_pulse(pulse, read=read, by=scene.person("ines"))


def open_a_round() -> str:
    """With the codes of a letter to three hundred addresses."""
    pulse = opened(a_round("spring"))
    actions.make_pulse_codes(pulse, many=300, by=scene.person("ines"))
    return pulse.get_absolute_url()


def answered(pulse: Pulse, many: int, lean: float, seed: int) -> None:
    chance = np.random.default_rng(seed)
    for kind, n in (("code", many), ("open", 14)):
        for _ in range(n):
            traits = [int(chance.choice(3, p=p)) for p in
                      ((0.2, 0.5, 0.3), (0.4, 0.4, 0.2), (0.75, 0.22, 0.03))]  # fmt: skip
            leans = lean + np.array([0.4, 0.0, 0.2, -0.4]) + 0.2 * traits[0]
            scores = [int(s) for s in np.clip(chance.normal(leans, 0.9).round(), 1, 5)]
            Reply.objects.create(pulse=pulse, kind=kind, said={"scores": scores, "traits": traits})


def count_rounds() -> str:
    """Three rounds, half a year apart."""
    for n, (word, many, lean) in enumerate(
        [("spring-25", 210, 3.0), ("autumn-25", 188, 3.2), ("spring-26", 243, 3.5)]
    ):
        pulse = opened(a_round(word))
        actions.make_pulse_codes(pulse, many=600, by=scene.person("ines"))
        answered(pulse, many, lean, n)
        actions.count_pulse(actions.end_pulse(pulse))
        at = timezone.now() - timedelta(days=183 * (2 - n))
        Pulse.objects.filter(pk=pulse.pk).update(closed_at=at)
    return Pulse.objects.get(word="spring-26").get_absolute_url()


def count_a_round_of_few() -> str:
    pulse = opened(a_round("spring"))
    answered(pulse, 6, 3.0, 1)
    Reply.objects.filter(kind="open").delete()
    return actions.count_pulse(actions.end_pulse(pulse)).get_absolute_url()


def a_plan(title: str = "Plain words about noise at night") -> Experiment:
    first = timezone.localdate() + timedelta(days=7)
    return actions.plan_experiment(
        title=title,
        hypothesis="A post that says what to do leads to fewer calls than one that forbids.",
        outcome="calls about noise per 1,000 people in a month", one="“No noise after 22:00.”",
        other="“After 22:00, close the window: your neighbour works at five.”", design="apart",
        units=AREAS, usual=[8.1, 9.4, 7.2, 8.8, 9.9, 7.6, 8.4, 9.1], matters=2.0,
        begins_on=first, ends_on=first + timedelta(days=30), by=scene.person("dov"),
    )  # fmt: skip


def plan_an_experiment() -> str:
    return a_plan().get_absolute_url()


def registered(*title: str) -> Experiment:
    plan = a_plan(*title)
    read = queries.digest_of_plan(plan)
    return actions.preregister_experiment(plan, read=read, by=scene.person("ines"))


def register_an_experiment() -> str:
    return registered().get_absolute_url()


def end_experiments() -> str:
    """One has ended, one was called off, and one runs."""
    done, stopped = registered(), registered("Mornings or evenings")
    registered()
    Experiment.objects.filter(pk=done.pk).update(
        begins_on=date(2026, 1, 1), ends_on=date(2026, 1, 31)
    )
    done.refresh_from_db()
    outcomes = [8.0 - 1.9 * way + 0.3 * (n % 3) for n, way in enumerate(done.ways)]
    actions.conclude_experiment(done, outcomes=outcomes, by=scene.person("dov"))
    reason = "The festival was moved into these weeks."
    actions.call_off_experiment(stopped, reason=reason, by=scene.person("dov"))
    return done.get_absolute_url()


def be_measured() -> str:
    """Census figures are there, so that it is known who was not spoken to."""
    bring_census()
    return ""
