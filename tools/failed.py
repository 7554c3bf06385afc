"""Names the tests that failed in the last run. Fails, if none did or more than a few.

python -m tools.failed [--at-most 5]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

KEPT = Path(".pytest_cache/v/cache/lastfailed")


def main(words: list[str], kept: Path = KEPT) -> int:
    asked = argparse.ArgumentParser(prog="tools.failed", description=__doc__.split("\n")[0])
    asked.add_argument("--at-most", type=int, default=5)
    most = asked.parse_args(words).at_most
    failed = list(json.loads(kept.read_text())) if kept.exists() else []
    for name in failed:
        sys.stderr.write(f"!! FAILED: {name}\n")
    # A file that could not even be read stands there without the name of a test.
    few = 0 < len(failed) <= most and all("::" in name for name in failed)
    return 0 if few else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
