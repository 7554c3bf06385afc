"""Measures one room: `python -m tools.bench coach`. Prints a table; with --json, JSON."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

BENCHES = sorted(p.stem for p in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in BENCHES:
        sys.exit(f"Say what to measure: {', '.join(BENCHES)}")
    import_module(f"tools.bench.{name}").main(sys.argv[2:])


if __name__ == "__main__":
    main()
