"""commonground record: prove it, show it, begin anew after a loss."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonground.kit.refusals import Refused
from commonground.record import actions
from commonground.record.engine import tree
from commonground.record.models import Head
from commonground.record.queries.log import epoch, log_key, nodes


class Command(BaseCommand):
    help = "The record: prove it, publish where it stands, begin anew after a loss."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        walk = verbs.add_parser("verify", help="walk the whole record; exit 1 if it is broken")
        walk.add_argument("--json", action="store_true", help="one line of JSON")
        verbs.add_parser("publish", help="sign a checkpoint now, and print it")
        verbs.add_parser("key", help="print the key that outsiders check our checkpoints with")
        again = verbs.add_parser(
            "reconcile", help="own up that an older copy of the database replaced a newer one"
        )
        again.add_argument("--reason", required=True, help="what happened, for the public to read")
        again.add_argument("--by", required=True, help="the name of whoever decides it")
        again.add_argument("--second", required=True, help="the name of the second person")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            getattr(self, verb)(**options)
        except Refused as why:
            raise CommandError(str(why)) from why

    def verify(self, **options: Any) -> None:
        broken = actions.verify()
        head = Head.objects.get()
        told = {
            "verified": broken is None,
            "entries": head.count,
            "root": "" if broken else tree.root(head.count, nodes()).hex(),
            "broken_at": broken.number if broken else None,
            "why": broken.why if broken else "",
        }
        self.stdout.write(json.dumps(told) if options["json"] else sentence(told))
        if broken:
            sys.exit(1)

    def publish(self, **_: Any) -> None:
        shown = actions.publish()
        self.stdout.write(shown.note if shown else "Nothing has been written yet.")

    def key(self, **_: Any) -> None:
        self.stdout.write(str(log_key(epoch())))

    def reconcile(self, *, reason: str, by: str, second: str, **_: Any) -> None:
        broken = actions.reconcile(reason=reason, by=by, second=second)
        self.stdout.write(
            f"Log {broken.epoch} has ended with {broken.kept} entries kept; log {broken.epoch + 1} "
            "begins. The loss is the first thing it says."
        )


def sentence(told: dict[str, Any]) -> str:
    if told["verified"]:
        return f"The record is whole: {told['entries']} entries, root {told['root'][:16]}."
    return f"THE RECORD IS BROKEN at entry {told['broken_at']}: {told['why']}."
