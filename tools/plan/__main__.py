"""./run plan [--docs] [--check] [--take BENCH=FILE ...]: what a country would need.

Without options it prints the page. `--docs` writes it, `--check` fails if it is not current or if
the dice do not agree. `--take` takes over what a bench measured: soak, web, live, record, hear,
polls.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(words: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run plan", description=__doc__)
    asked.add_argument("--docs", action="store_true")
    asked.add_argument("--check", action="store_true")
    asked.add_argument("--take", action="append", default=[], metavar="BENCH=FILE")
    wish = asked.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")
    from tools.plan import page, units

    for one in wish.take:
        name, _, file = one.partition("=")
        changed = units.take(name, Path(file))
        sys.stderr.write(f"{name}: {', '.join(changed)}\n")
    written = page.text()
    if wish.check:
        return check(page, written)
    if wish.docs:
        page.DOCS.write_text(written)
    else:
        sys.stdout.write(written)
    return 0


def check(page: object, written: str) -> int:
    from tools.plan.page import AGREE, DOCS, compared
    from tools.plan.units import units

    value = {name: unit.value for name, unit in units().items()}
    apart = [one for one in compared(value) if one.apart > AGREE]
    for one in apart:
        sys.stderr.write(f"The dice do not agree: {one}\n")
    current = DOCS.exists() and DOCS.read_text() == written
    if not current:
        sys.stderr.write(f"{DOCS} is not what the figures say: ./run plan --docs\n")
    return 0 if current and not apart else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
