"""Reading the drills that come with the desk."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from commonground.train.engine.plan import Crowd, Plan, crowd_from, plan_from
from commonground.train.engine.scenario import ScenarioWrong
from commonground.train.queries.scenarios import (
    SCENARIOS,
    scenario_named,
    scenario_names,
    table,
)

FIRST_DRILL = "first"  # the one that comes before somebody's first real words


@cache
def places() -> dict[str, Path]:
    """Where each drill is written, by its name; of every city."""
    found = [
        path for city in scenario_names() for path in (SCENARIOS / city / "drills").glob("*.toml")
    ]
    return {path.stem: path for path in sorted(found)}


def drill_names() -> list[str]:
    return list(places())


@cache
def plan_named(name: str) -> Plan:
    """A drill that ships with the desk. Raises ScenarioWrong; a name is never a path."""
    if name not in places():
        raise ScenarioWrong(f"there is no drill called {name}; there is {', '.join(places())}")
    plan = plan_in(places()[name])
    if (plan.name, plan.city) != (name, places()[name].parents[1].name):
        raise ScenarioWrong(f"{name}: its file and its city are called otherwise")
    for talked in plan.talk:
        if scenario_named(plan.city).event(talked.event) is None:
            raise ScenarioWrong(f"{name}: {plan.city} knows no event {talked.event}")
    return plan


def plan_in(path: Path) -> Plan:
    return plan_from(table(path))


@cache
def crowd_of(city: str) -> dict[str, Crowd]:
    """How the people of a city answer, by language."""
    files = sorted((SCENARIOS / city / "crowd").glob("??.toml"))
    crowds = [crowd_from(table(path)) for path in files]
    return {crowd.code: crowd for crowd in crowds}


def plans() -> list[Plan]:
    """Every drill, those for beginners first, and of these the shortest."""
    order = ["first", "usual", "hard"]
    found = [plan_named(name) for name in places()]
    return sorted(found, key=lambda one: (order.index(one.level), one.minutes_of_play, one.name))
