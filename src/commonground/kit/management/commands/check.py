"""`commonground check FROM`: is this backup whole? Without FROM, Django's own look at our code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.check import Command as OfDjango

from commonground.kit.upkeep.copying import check
from commonground.kit.upkeep.manifest import NotWhole, read
from commonground.kit.upkeep.stores import CannotBeDone


class Command(OfDjango):
    help = (
        "Look over a backup: its digests, its record, and whether the keys of now open it. "
        "Without FROM: look over the code and its settings."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--backup", type=Path, metavar="FROM", help="the same as naming its folder"
        )
        parser.add_argument(
            "--digests-only", action="store_true",
            help="of a backup: do not try it in a database of its own",
        )  # fmt: skip

    def handle(self, *app_labels: Any, **options: Any) -> None:
        folder = options["backup"]
        if folder is None and len(app_labels) == 1 and is_folder(app_labels[0]):
            folder = Path(app_labels[0])
        if folder is None:
            return super().handle(*app_labels, **options)
        self.look_over(folder.absolute(), tried=not options["digests_only"])

    def look_over(self, folder: Path, *, tried: bool) -> None:
        try:
            found, said = check(folder, tried=tried), read(folder)
        except (CannotBeDone, NotWhole) as why:
            raise CommandError(str(why)) from why
        how = (
            "every entry was walked in a copy of it, and the keys of this desk open it"
            if tried
            else "its digests are right; its record was not walked"
        )
        self.stdout.write(
            f"The backup of {said.made_at} (version {said.product}) is whole: "
            f"{found['entries']} entries of the record, {sum(found['rows'].values())} rows; {how}."
        )


def is_folder(word: str) -> bool:
    return "/" in word or Path(word).is_dir()
