"""commonground mailbox take: what a mail server pipes in when somebody wrote to the agency."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from commonground.channels.networks.mailbox import reading, taking

ABOUT = """\
Read one letter from standard input, as a pipe alias of the mail server gives it, and put it into
the inbox. Letters of machines (absence notes, newsletters, reports) are counted and set aside. A
letter that comes twice is kept once.
"""
TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the letter and comes back


class Command(BaseCommand):
    help = "Mailboxes of the agency: take in what people write to them."
    requires_system_checks = ()  # it starts once for every letter

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        take = verbs.add_parser(
            "take", help="read one letter from standard input", description=ABOUT
        )
        take.add_argument("--to", default="", help="to which address it came, if no header says so")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        raw = sys.stdin.buffer.read(reading.MOST)
        while sys.stdin.buffer.read(1 << 16):
            pass  # to its end: a mail server whose pipe breaks would hand it over again
        try:
            # Postfix tells a pipe to which address it came; other servers write it in a header.
            sent_to = options["to"] or os.environ.get("ORIGINAL_RECIPIENT", "")
            told = taking.take(raw, sent_to)
        except taking.NotOurs as address:
            self.stderr.write(f"No mailbox on this desk has the address {address}; try again.")
            raise SystemExit(TRY_AGAIN) from None
        except Error:
            self.stderr.write("The database does not answer; try again.")
            raise SystemExit(TRY_AGAIN) from None
        self.stdout.write(told)
