"""`commonground restore FROM`: a backup in the place of the desk."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.kit.upkeep.copying import StaysUp, restore
from commonground.kit.upkeep.manifest import NotWhole
from commonground.kit.upkeep.stores import CannotBeDone


class Command(BaseCommand):
    help = "Put a backup in the place of the desk. Refuses where the desk holds more."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="FROM", help="the folder of the backup")
        parser.add_argument(
            "--over", action="store_true",
            help="even if this desk holds more than the backup: what came since is lost",
        )  # fmt: skip
        parser.add_argument(
            "--patience", type=float, default=120, help="seconds to wait for workers to stop"
        )

    def handle(self, *args: Any, source: Path, over: bool, patience: float, **_: Any) -> None:
        try:
            found = restore(source.absolute(), over=over, patience=patience)
        except (CannotBeDone, NotWhole, StaysUp) as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"The desk is what it was: {found['entries']} entries of the record.")
        if found["older"]:
            self.stdout.write("It is of an older version. Run: commonground upgrade")
        if found["trouble"]:
            raise CommandError(found["trouble"], returncode=2)
        if found["guard"]:
            self.stdout.write(found["guard"])
