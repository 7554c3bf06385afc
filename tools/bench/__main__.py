"""./run bench ask: prints one JSON object, and each row on the way."""

from __future__ import annotations

import argparse
import os
import sys

# Before numpy is read: a time on one thread is one that others can repeat.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")

import django


def main() -> int:
    django.setup()
    from tools.bench import ask

    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    ask.add(verbs)
    arguments = parser.parse_args()
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
