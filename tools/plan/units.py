"""What one thing costs, as the benches measured it: units.json beside this file.

`./run plan --take soak=FILE --take web=FILE ...` reads what a bench wrote with --json.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

UNITS = Path(__file__).with_name("units.json")
type Found = dict[str, float]


@dataclass(frozen=True, slots=True)
class Unit:
    value: float
    by: str  # the command that measured it
    on: str  # when, on what, beside what load
    what: str


def units() -> dict[str, Unit]:
    return {name: Unit(**row) for name, row in json.loads(UNITS.read_text()).items()}


def take(name: str, file: Path) -> list[str]:
    """Take over what a bench found; the names of what changed."""
    told = json.loads(file.read_text())
    by, found = FROM[name](told)
    held = json.loads(UNITS.read_text()) if UNITS.exists() else {}
    for unit, value in found.items():
        held[unit] = {
            "value": float(f"{value:.4g}"),
            "by": by,
            "on": here(told),
            "what": WHAT[unit],
        }
    UNITS.write_text(json.dumps(held, indent=2, sort_keys=True) + "\n")
    return list(found)


def here(told: Mapping[str, Any]) -> str:
    model = next((line.partition(":")[2].strip() for line in cpu_lines() if "model name" in line),
                 platform.machine())  # fmt: skip
    load = told.get("load", told.get("load_before", 0.0))
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({model}), load {load:.1f}"


def cpu_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []


def from_soak(told: Mapping[str, Any]) -> tuple[str, Found]:
    many = told["deliveries"]
    used = told["processor_s"]
    return f"./run soak --minutes {told['minutes']:g} --deliveries {many}", {
        "delivery_worker_s": used["worker"] / many,
        "delivery_database_s": used["database"] / many,
        "entries_a_post": told["entries"] / told["posts"],
        "web_mb": told["samples"][-1]["web"], "worker_mb": told["samples"][-1]["worker"],
    }  # fmt: skip


def from_web(told: Mapping[str, Any]) -> tuple[str, Found]:
    def middle(public: bool, figure: Callable[[Mapping[str, Any]], float]) -> float:
        last = [list(sizes.values())[-1] for sizes in told["pages"].values()]
        rows = [row for row in last if row["public"] is public and row["status"] == 200]
        return statistics.median(figure(row) for row in rows) / 1000

    def ours(row: Mapping[str, Any]) -> float:
        return float(row["processor_ms"])

    def theirs(row: Mapping[str, Any]) -> float:
        return max(0.0, row["p50_ms"] - row["processor_ms"])

    return f"./run bench web --size {told['size']:g}", {
        "desk_page_s": middle(False, ours), "desk_page_database_s": middle(False, theirs),
        "public_page_s": middle(True, ours), "public_page_database_s": middle(True, theirs),
    }  # fmt: skip


def from_live(told: Mapping[str, Any]) -> tuple[str, Found]:
    worker, people = told["worker"], told["people"]
    return f"./run bench web --live {people}", {
        "line_mb": (worker["mb_with_lines"] - worker["mb_idle"]) / people,
        "news_s_a_line": worker["news_s"] / (told["news"] * people),
    }  # fmt: skip


def from_record(told: Mapping[str, Any]) -> tuple[str, Found]:
    written = told.get("writing", told)
    work = written["processor_microseconds"]["entry"]
    return "./run bench record --only writing", {
        "entry_head_s": 1 / written["entries_per_second"],
        "entry_writer_s": work["writer"] / 1e6, "entry_database_s": work["server"] / 1e6,
    }  # fmt: skip


def from_hear(told: Mapping[str, Any]) -> tuple[str, Found]:
    return "./run bench hear", {"heard_post_s": 1 / told["minute"]["posts_a_core_second"]}


def from_polls(told: Mapping[str, Any]) -> tuple[str, Found]:
    return "./run bench polls", {f"{name}_s": ms / 1000 for name, ms in told["ms"].items()}


FROM: dict[str, Callable[[Mapping[str, Any]], tuple[str, Found]]] = {
    "soak": from_soak, "web": from_web, "live": from_live, "record": from_record,
    "hear": from_hear, "polls": from_polls,
}  # fmt: skip
WHAT = {
    "delivery_worker_s": "processor seconds of the worker for one delivery, carried and seen, "
    "with all it does beside it",
    "delivery_database_s": "processor seconds of PostgreSQL for one delivery, pages beside it",
    "entries_a_post": "entries in the record for one post on two channels, to the end",
    "web_mb": "memory of one web process (its share of what is shared)",
    "worker_mb": "memory of one worker (its share of what is shared)",
    "desk_page_s": "processor seconds of our own for a page of the desk",
    "desk_page_database_s": "seconds a page of the desk waits for PostgreSQL",
    "public_page_s": "processor seconds of our own for a public page",
    "public_page_database_s": "seconds a public page waits for PostgreSQL",
    "line_mb": "memory for one open page",
    "news_s_a_line": "processor seconds for telling one open page one piece of news",
    "entry_head_s": "seconds the head of the record is held for one entry, eight writers at once",
    "entry_writer_s": "processor seconds of the writer of an entry",
    "entry_database_s": "processor seconds of PostgreSQL for an entry",
    "heard_post_s": "processor seconds for a post of a whole network, from the line to moments",
    "ask_s": "processor seconds for asking one account what people wrote, when nobody did",
    "look_s": "processor seconds for looking at what one account says in public",
    "feed_same_s": "processor seconds for asking a news feed that has not changed",
    "feed_new_s": "processor seconds for reading a news feed of 40 articles that has changed",
}
