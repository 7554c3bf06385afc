"""./run bench spot: how well moments are found. Prints one JSON object, and a table on the way."""

from __future__ import annotations

import sys
from importlib import import_module

BENCHES = ("hear", "spot")


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHES:
        sys.stderr.write(f"Which bench? {' or '.join(BENCHES)}\n")
        return 2
    return int(import_module(f"tools.bench.{sys.argv[1]}").main(sys.argv[2:]))


if __name__ == "__main__":
    sys.exit(main())
