"""commonground answer triage."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonground.answer.engine.triage import triage


class Command(BaseCommand):
    help = "What people write to us: what a message might be, and why."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        told = verbs.add_parser("triage", help="read a message from standard input; say what it is")
        told.add_argument("--json", action="store_true", help="JSON instead of words")
        told.add_argument(
            "--lang", help="language of the message, en or fr; found out if not given"
        )

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        found = triage(text, options["lang"])
        if options["json"]:
            proposals = [proposal.as_dict() for proposal in found]
            self.stdout.write(json.dumps({"proposals": proposals}, ensure_ascii=False))
            return
        for proposal in found:
            words = ", ".join(f"“{quote}”" for quote in proposal.because)
            self.stdout.write(f"{proposal.kind.value} (+{proposal.score:.1f}) {words}")
        if not found:
            self.stdout.write("Nothing that anybody must take in hand.")
