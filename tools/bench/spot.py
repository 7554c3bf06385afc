"""The quality bar: the back-test on real streams, where they are, on the invented towns that
ship, and on the written scenario; and how well help fits invented moments held out."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from commonground.spot.engine.fitting import DEVELOP, HELD_OUT, cases, figures, offered
from commonground.spot.engine.resources import Library

COMMAND = str(Path(sys.executable).with_name("commonground"))
STREAMS = Path(os.environ.get("COMMONGROUND_STREAMS", "../shared/data/streams"))
# What happened, when its talk began, words of which a good name holds one.
EVENTS = [
    ("2013_boston_bombings", "2013-04-15T18:49:00Z", False,
     ["explosion", "explosions", "bomb", "bombs", "bombing", "boston", "marathon"]),
    ("2013_oklahoma_tornado", "2013-05-20T20:00:00Z", False,
     ["tornado", "tornadoes", "moore", "oklahoma"]),
    ("2013_alberta_floods", "2013-06-21T20:00:00Z", False,
     ["abflood", "yycflood", "flood", "floods", "flooding", "alberta", "calgary"]),
    ("ferguson_threads", "2014-08-10T01:30:00Z", True,
     ["ferguson", "mike brown", "michael brown"]),
]  # fmt: skip


def backtested(truth: object, folder: Path, files: Sequence[Path], budget: float) -> dict:
    path = folder / "truth.json"
    path.write_text(json.dumps(truth))
    done = subprocess.run(
        [COMMAND, "spot", "backtest", "--truth", path, *files, "--json",
         "--alarms-per-day", str(budget)],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def real(folder: Path, budget: float) -> dict | None:
    """The real streams; None, said loudly, where they are not."""
    files = [STREAMS / f"{name}.jsonl.gz" for name, *_ in EVENTS]
    if not all(file.is_file() for file in files):
        sys.stderr.write(f"NOT MEASURED: no real streams in {STREAMS}\n")
        return None
    rows = [
        {"file": f"{name}.jsonl.gz", "event": name, "onset": onset, "slow": slow,
         "event_terms": terms, "language": "en"}
        for name, onset, slow, terms in EVENTS
    ]  # fmt: skip
    return backtested({"events": rows}, folder, files, budget)


def written(folder: Path, budget: float) -> dict:
    """The scenario that ships, as it happened."""
    file = folder / "harbour.jsonl"
    with file.open("wb") as stream:
        subprocess.run([COMMAND, "train", "scenario", "harbour"], stdout=stream, check=True)
    told = [COMMAND, "train", "scenario", "harbour", "--ground-truth"]
    truth = json.loads(subprocess.run(told, stdout=subprocess.PIPE, check=True).stdout)
    return backtested(truth, folder, [file], budget)


def invented(budget: float) -> dict:
    """The towns of the suite that ships, all in one run."""
    done = subprocess.run(
        [COMMAND, "spot", "backtest", "--suite", "written", "--json",
         "--alarms-per-day", str(budget)],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def help_offered() -> dict:
    """How often the first help offered is right: on the suite it was developed by, and held out."""
    library = Library.starter()
    return {name: figures(offered(library, cases(name))) for name in (DEVELOP, HELD_OUT)}


def help_table(told: dict) -> str:
    lines = []
    for suite, found in told.items():
        for language, figure in {"all": found, **found["by_language"]}.items():
            lines.append(
                f"{suite:14} {language:4} right help first {figure['match_at_1']!s:>6} of "
                f"{figure['moments']}, none where none is needed {figure['abstained']!s:>6} of "
                f"{figure['moments_that_need_none']}"
            )
    return "\n".join(lines)


def table(name: str, told: dict) -> str:
    lines = [f"{name}: {told['false_alarms_per_day']} false alarms a day"]
    for kind in ("bursts", "slow"):
        for figure, value in (told[kind] or {}).items():
            if isinstance(value, dict):
                ends = f"{value['from']} to {value['to']}"
                lines.append(f"  {kind:7} {figure:22} {value['is']!s:>8}   {ends}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench spot", description=__doc__)
    parser.add_argument("--alarms-per-day", type=float, default=0.2)
    budget = parser.parse_args(arguments).alarms_per_day
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = {
            "real": real(folder, budget), "invented": invented(budget),
            "written": written(folder, budget),
        }  # fmt: skip
    helped = help_offered()
    sys.stderr.write(help_table(helped) + "\n")
    for what, told in results.items():
        if told:
            sys.stderr.write(table(what, told) + "\n")
    sys.stdout.write(json.dumps({**results, "help": helped}) + "\n")
    return 0
