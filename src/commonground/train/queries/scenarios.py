"""Reading the scenarios that come with the desk."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from commonground.train.engine.desk import Desk, desk_from
from commonground.train.engine.scenario import Scenario, ScenarioWrong, scenario_from

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def scenario_names() -> list[str]:
    return sorted(
        folder.name for folder in SCENARIOS.iterdir() if (folder / "scenario.toml").exists()
    )


@cache
def scenario_named(name: str) -> Scenario:
    """One of the scenarios that ship with the desk."""
    return scenario_in(folder_of(name))


def folder_of(name: str) -> Path:
    """Where a scenario's files are. A name is never a path."""
    if name not in scenario_names():
        raise ScenarioWrong(
            f"there is no scenario called {name}; there is {', '.join(scenario_names())}"
        )
    return SCENARIOS / name


def scenario_in(folder: Path) -> Scenario:
    """Read every file of a scenario, and refuse it if any of them is wrong."""
    names = table(folder / "names.toml")["words"]
    languages = [with_names(table(path), names) for path in sorted(folder.glob("??.toml"))]
    events, beside = (
        [table(path) for path in sorted((folder / name).glob("*.toml"))]
        for name in ("events", "talk")
    )
    return scenario_from(
        {**table(folder / "scenario.toml"), "languages": languages, "events": events,
         "beside": beside}
    )  # fmt: skip


def with_names(language: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {**language, "words": {**names, **language["words"]}}


def table(path: Path) -> dict[str, Any]:
    """One TOML file, its name told with whatever is wrong in it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ScenarioWrong(f"{path.name}: {error}") from error


def desks_of(name: str) -> list[Desk]:
    """The agency a scenario comes with, then the one it drills in."""
    folder = folder_of(name) / "agency"
    library = {**table(folder / "topics.toml"), **table(folder / "resources.toml")}
    real = desk_from({**table(folder / "agency.toml"), **library})
    drill = folder / "drill.toml"
    if not drill.exists():
        return [real]
    # The same help can be shared in a drill; what to listen for is the real desk's alone.
    return [real, desk_from({**table(folder / "resources.toml"), **table(drill)})]
