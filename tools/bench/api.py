"""`./run bench api`: the API against requests made up from its own description, from everybody."""

from __future__ import annotations

import argparse
import json
import logging
import os
import time
from importlib import import_module
from typing import Any

EACH = 32  # of each kind, to each operation, each sent by nine: more than ten thousand in all


def measured(each: int, seed: int) -> dict[str, Any]:
    """On a database of its own, which is gone afterwards."""
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        return {**stormed(each, seed), "hostile": refusals()}
    finally:
        teardown_databases(made, verbosity=0)


def stormed(each: int, seed: int) -> dict[str, Any]:
    from tests.api.storm import storm

    began = time.perf_counter()
    told = storm(each, seed)
    return {
        "cases": told.cases, "operations": len(told.operations), "seed": seed,
        "server_errors": told.server_errors, "breaks": told.breaks[:20],
        "broken": len(told.breaks), "by_world": dict(told.by_world),
        "statuses": {str(status): n for status, n in sorted(told.statuses.items())},
        "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip


def refusals() -> dict[str, Any]:
    """What no honest program sends: each is refused, and how long the slowest took."""
    from django.test import override_settings
    from tests import given
    from tests.api.program import Program
    from tests.api.storm import UNLIMITED

    from commonground.say.tests.test_api import HOSTILE

    program = Program(given.a_key()[1])
    took, statuses = {}, {}
    for name, body in HOSTILE.items():
        began = time.perf_counter()
        with override_settings(API_LIMITS=UNLIMITED):
            statuses[name] = program.make("/posts", body).status_code
        took[name] = round(time.perf_counter() - began, 3)
    slowest = max(took, key=lambda name: took[name])
    return {"statuses": statuses, "slowest": slowest, "seconds": took[slowest]}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench api", description=__doc__)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(words)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import_module("django").setup()
    logging.disable(logging.CRITICAL)  # ten thousand refusals are ten thousand lines
    told = measured(arguments.each, arguments.seed)
    print(json.dumps(told, indent=2))
    return 0 if told["server_errors"] == told["broken"] == 0 else 1
