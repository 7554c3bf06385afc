"""`commonground upgrade`: the database goes over to this version, or stays what it was."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commonground.kit.environment import kept_beside
from commonground.kit.upkeep.copying import StaysUp
from commonground.kit.upkeep.stores import CannotBeDone
from commonground.kit.upkeep.upgrading import WentWrong, back_from_broken_off, upgrade


class Command(BaseCommand):
    help = (
        "Bring the database to this version: a copy is made and tried, workers stop, the database "
        "is changed and looked over; if anything goes wrong it is what it was before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, metavar="FOLDER",
            help="where the copy of before is kept; by default backups beside the database",
        )  # fmt: skip
        parser.add_argument(
            "--no-trial", action="store_true",
            help="do not try the upgrade on the copy first: a large database takes twice as long",
        )  # fmt: skip
        parser.add_argument(
            "--patience", type=float, default=120, help="seconds to wait for workers to stop"
        )
        parser.add_argument(
            "--back",
            action="store_true",
            help="put back what an upgrade that was killed had copied",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["back"]:
                back_from_broken_off(self.tell)
                return
            to = options["to"] or backups() / f"before-{timezone.now():%Y%m%dT%H%M%SZ}"
            upgrade(
                to.absolute(), self.tell,
                tried=not options["no_trial"], patience=options["patience"],
            )  # fmt: skip
        except (WentWrong, CannotBeDone) as why:
            raise CommandError(str(why), returncode=1) from why
        except StaysUp as why:
            raise CommandError(str(why), returncode=2) from why

    def tell(self, said: str) -> None:
        # Whoever looked on may be gone, and their line with them. The desk is changed, or put back,
        # all the same.
        with suppress(OSError):
            self.stdout.write(said)
            self.stdout.flush()


def backups() -> Path:
    return kept_beside(settings.ENV.database_url).absolute() / "backups"
