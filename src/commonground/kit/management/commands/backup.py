"""`commonground backup TO`: a copy of the desk, made while it runs."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commonground.kit.beginning import note
from commonground.kit.upkeep.copying import back_up, check
from commonground.kit.upkeep.manifest import NotWhole, read
from commonground.kit.upkeep.stores import CannotBeDone

PREFIX = "commonground-"
HOW = """{to}: {entries} entries of the record, {rows} rows, {bytes} bytes.
The keys are not in it, and without them it cannot be read: keep COMMONGROUND_SECRET_KEY,
COMMONGROUND_SEAL_KEY and COMMONGROUND_LOG_KEY (or the file secret-key beside the database) in
another place than this. The digest of its manifest, to be kept elsewhere too:
{proof}"""


class Command(BaseCommand):
    help = "Write a copy of the desk into a new folder, while the desk goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("to", type=Path, metavar="TO", help="the folder, which must not exist")
        parser.add_argument(
            "--dated", action="store_true", help="make it within TO, named by the time"
        )
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N",
            help="with --dated: keep the N newest that are whole, and delete older ones",
        )  # fmt: skip
        parser.add_argument("--check", action="store_true", help="look it over afterwards")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        if options["keep"] and not options["dated"]:
            raise CommandError("--keep is about folders named by --dated.")
        folder = to / f"{PREFIX}{timezone.now():%Y%m%dT%H%M%SZ}" if options["dated"] else to
        try:
            said, proof = back_up(folder.absolute())
            if options["check"]:
                check(folder.absolute())
        except (CannotBeDone, NotWhole) as why:
            raise CommandError(str(why)) from why
        note("backup")
        self.stdout.write(
            HOW.format(
                to=folder, entries=said.record["entries"], rows=sum(said.rows.values()),
                bytes=sum(file["bytes"] for file in said.files.values()), proof=proof,
            )
        )  # fmt: skip
        for old in older(to, options["keep"]) if options["keep"] else []:
            shutil.rmtree(old)
            self.stdout.write(f"Deleted {old}.")


def older(place: Path, keep: int) -> list[Path]:
    """Those of ours beyond the newest; what is not whole is for a person to look at."""
    ours = []
    for folder in sorted(place.glob(f"{PREFIX}*Z"), reverse=True):
        with suppress(NotWhole):
            read(folder)
            ours.append(folder)
    return ours[keep:]
