"""commonground keys: which keys seal what, and everything under the newest of them."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonground.kit.envelope import keys
from commonground.record.actions.rewrapping import all_shelves, rewrap_everything

HOW = """{key}

Keep it where the desk reads its settings, and nowhere in the database or beside its copies.

1. COMMONGROUND_SEAL_KEY is this key; COMMONGROUND_OLD_SEAL_KEYS is the one you had.
2. Start the desk and its worker anew.
3. commonground keys rewrap
4. commonground keys show    (nothing may be left under an older key)
5. Take the older key out of the settings. Keep it elsewhere for as long as you keep copies of the
   database from before today: they open with it alone."""


class Command(BaseCommand):
    help = "The keys that seal tokens and what we know of people: which seal what, and new ones."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("new", help="print a new seal key, and how to change to it")
        verbs.add_parser("show", help="how many values are under which key")
        verbs.add_parser(
            "rewrap",
            help="put everything under the newest key; may be broken off and begun again",
        )

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        {"new": self.new, "show": self.show, "rewrap": self.rewrap}[verb]()

    def new(self) -> None:
        self.stdout.write(HOW.format(key=secrets.token_urlsafe(48)))

    def show(self) -> None:
        newest, *older = [called.hex() for called in keys()]
        self.stdout.write(f"The newest key is {newest}. Older ones here: {listed(older)}.")
        seen: Counter[str] = Counter()
        for shelf in all_shelves():
            under = shelf.under()
            seen += under
            if under:
                many = listed(f"{n} under {called}" for called, n in sorted(under.items()))
                self.stdout.write(f"  {shelf.name}: {many}")
        if strange := set(seen) - {newest, *older}:
            raise CommandError(
                f"This desk was not given the key {listed(sorted(strange))}: what is under it does "
                "not open. Add it to COMMONGROUND_OLD_SEAL_KEYS."
            )
        needless = [called for called in older if not seen[called]]
        self.stdout.write(f"Nothing is under these, they can go: {listed(needless)}.")

    def rewrap(self) -> None:
        done = {}
        for step in rewrap_everything():
            done[step.name] = step
            told = f"{step.looked_at} looked at, {step.closed_anew} put under the newest key"
            self.stdout.write(f"{step.name}: {told}")
        if stuck := sum(len(step.not_opened) for step in done.values()):
            raise CommandError(
                f"{stuck} values do not open with any key of this desk and stay as they are. "
                "Run: commonground keys show"
            )
        self.stdout.write("Everything is under the newest key. Look: commonground keys show")


def listed(names: Any) -> str:
    return ", ".join(names) or "none"
