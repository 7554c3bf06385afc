"""Measures something by its name: `./run bench say`, `./run bench kill`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted(p.stem for p in Path(__file__).parent.glob("[a-z]*.py"))

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        sys.exit(f"./run bench {'|'.join(NAMES)}")
    import_module(f"tools.bench.{sys.argv[1]}").main(sys.argv[2:])
