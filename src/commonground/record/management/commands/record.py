"""commonground record verify."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonground.record.actions import verify
from commonground.record.models import Head


class Command(BaseCommand):
    help = "Prove the record: that no entry was changed, removed, added in between or reordered."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        walk = verbs.add_parser("verify", help="walk the whole chain; exit 1 if it is broken")
        walk.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        broken = verify()
        head = Head.objects.get()
        told = {
            "verified": broken is None,
            "entries": head.count,
            "head": head.digest,
            "broken_at": broken.number if broken else None,
            "why": broken.why if broken else "",
        }
        self.stdout.write(json.dumps(told) if options["json"] else sentence(told))
        if broken:
            sys.exit(1)


def sentence(told: dict[str, Any]) -> str:
    if told["verified"]:
        return f"The record is whole: {told['entries']} entries, ending in {told['head'][:16]}."
    return f"THE RECORD IS BROKEN at entry {told['broken_at']}: {told['why']}."
