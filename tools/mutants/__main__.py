"""Plants small mistakes in the code one by one, and tells which of them no test notices.

./run mutants [GROUP ...] [--module NAME] [--sample 300 --seed 1] [--minutes 60] [--out FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tools.mutants.groups import GROUPS, SAME
from tools.mutants.planting import Mutant, mutants
from tools.mutants.running import KILLED, SLOW, SURVIVED, UNREACHED, Found, Runner

ROOT = Path(__file__).parents[2]


def main(words: Sequence[str]) -> int:
    wish = asked(words)
    os.nice(19)
    began = time.monotonic()
    chosen = wish.groups or list(GROUPS)
    all_of_them = list(planned(chosen, wish.module))
    same = [m for m in all_of_them if is_same(m)]
    ones = [m for m in all_of_them if not is_same(m)]
    tried = random.Random(wish.seed).sample(ones, min(wish.sample or len(ones), len(ones)))
    tell(f"{len(ones)} mistakes, {len(tried)} of them are tried; {len(same)} make no difference")
    # A module's mistakes one after the other: its tests are at hand.
    runner = Runner(sorted(tried, key=lambda m: (m.module, m.number)), wish.minutes, tell)
    tests = wish.tests or dict.fromkeys(t for g in chosen for t in GROUPS[g].tests)
    code = pytest.main(
        ["-q", "-s", "--no-header", "--no-summary", "-p", "no:cacheprovider",
         "-m", "not peer and not journey and not measured", *tests],
        plugins=[runner],
    )  # fmt: skip
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return int(code)
    told = report(runner, ones, same, wish, time.monotonic() - began)
    text = json.dumps(told, indent=1, ensure_ascii=False)
    (wish.out.write_text(text + "\n") if wish.out else sys.stdout.write(text + "\n"))
    return 0


def asked(words: Sequence[str]) -> argparse.Namespace:
    asking = argparse.ArgumentParser(prog="./run mutants", description=__doc__.split("\n")[0])
    asking.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="which; else all")
    asking.add_argument("--module", action="append", default=[], help="only this one")
    asking.add_argument("--tests", action="append", default=[], help="only these files of tests")
    asking.add_argument("--sample", type=int, default=0, help="so many of them, by chance")
    asking.add_argument("--seed", type=int, default=1, help="the same chance again")
    asking.add_argument("--minutes", type=float, default=120, help="no longer than this")
    asking.add_argument("--out", type=Path, help="a file for the answer")
    return asking.parse_args(words)


def planned(groups: Sequence[str], only: Sequence[str]) -> Iterator[Mutant]:
    for name in dict.fromkeys(m for g in groups for m in modules_of(GROUPS[g].modules)):
        if not only or any(name == one or name.startswith(f"{one}.") for one in only):
            file = file_of(name)
            yield from mutants(name, str(file), file.read_text(encoding="utf-8"))


def file_of(name: str) -> Path:
    """Found without loading it: its rooms are not ready yet."""
    place = ROOT / "src" / name.replace(".", "/")
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def modules_of(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        place = ROOT / "src" / name.replace(".", "/")
        if not place.is_dir():
            yield name
            continue
        for file in sorted(place.rglob("*.py")):
            if "tests" not in file.parts:
                parts = file.relative_to(ROOT / "src").with_suffix("").parts
                yield ".".join(parts).removesuffix(".__init__")


def is_same(mutant: Mutant) -> bool:
    return any(
        (s.module, s.text, s.what) == (mutant.module, mutant.text, mutant.what) for s in SAME
    )


def report(
    runner: Runner, ones: Sequence[Mutant], same: Sequence[Mutant], wish: Any, took: float
) -> dict[str, Any]:
    came = Counter(f.came for f in runner.found)
    noticed = came[KILLED] + came[SLOW]
    return {
        "groups": wish.groups or list(GROUPS),
        "sample": wish.sample or None, "seed": wish.seed if wish.sample else None,
        "tests": len(runner.took), "tests_that_failed_before": runner.failed,
        "mutants": len(ones), "tried": len(runner.found),
        "killed": came[KILLED], "timed_out": came[SLOW], "survived": came[SURVIVED],
        "no_test_comes_here": came[UNREACHED],
        "killed_percent": round(100 * noticed / max(1, len(runner.found)), 1),
        "seconds": round(took),
        "modules": {name: by_module(name, runner.found) for name in
                    dict.fromkeys(f.mutant.module for f in runner.found)},
        "not_noticed": [row(f) for f in runner.found if f.came in (SURVIVED, UNREACHED)],
        "slow": [row(f) for f in runner.found if f.came == SLOW],
        "equivalent": [{"module": s.module, "line": s.text, "what": s.what, "why": s.why}
                       for s in SAME if any(m.module == s.module for m in same)],
    }  # fmt: skip


def by_module(name: str, found: Sequence[Found]) -> dict[str, int]:
    came = Counter(f.came for f in found if f.mutant.module == name)
    return {
        "tried": came.total(), "killed": came[KILLED], "timed_out": came[SLOW],
        "survived": came[SURVIVED], "no_test_comes_here": came[UNREACHED],
    }  # fmt: skip


def row(found: Found) -> dict[str, Any]:
    m = found.mutant
    return {
        "module": m.module, "line": m.line, "in": m.where or m.table, "what": m.what,
        "came": found.came, "text": m.text,
    }  # fmt: skip


def tell(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
