"""./run bench hear | fuzz: prints one JSON object, and a table on the way."""

from __future__ import annotations

import argparse
import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")
    django.setup()
    from tools.bench import fuzz, hear

    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    listen = verbs.add_parser("hear", help="posts a second, beside others'")
    listen.add_argument("--seconds", type=int, default=60)
    listen.add_argument("--rate", type=int, default=hear.RECORD, help="posts a second to send")
    listen.add_argument("--patterns", type=int, default=1000, help="watch phrases")
    listen.add_argument("--seed", type=int, default=7)
    listen.add_argument("--rounds", type=int, default=3, help="of each peer")
    listen.add_argument("--only-minute", action="store_true", help="without stages and peers")
    listen.set_defaults(run=hear.main)
    hostile = verbs.add_parser("fuzz", help="a million hostile frames, memory flat")
    hostile.add_argument("--frames", type=int, default=1_000_000)
    hostile.add_argument("--seed", type=int, default=7)
    hostile.set_defaults(run=fuzz.main)
    arguments = parser.parse_args()
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
