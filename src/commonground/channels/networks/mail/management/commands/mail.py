"""commonground mail bounces: what a mail server pipes in when a letter could not be delivered."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from commonground.channels.networks.mail import bounces

ABOUT = """\
Read one message from standard input, as a pipe alias of the mail server gives it, and note which
letter of the e-mail list came back. A box that is not there gets no more letters at once; one
that is full, or refuses for a while, after five letters in a row. A message that is no report, or
bears no mark of ours, changes nothing.
"""
TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the message and comes back


class Command(BaseCommand):
    help = "The e-mail list: take in letters that came back."
    requires_system_checks = ()  # it starts once for every report

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("bounces", help="read one report from standard input", description=ABOUT)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        raw = sys.stdin.buffer.read(bounces.MOST)
        try:
            # Postfix tells a pipe to which address it came; other servers write it in a header.
            told = bounces.take(raw, os.environ.get("ORIGINAL_RECIPIENT", ""))
        except Error:
            self.stderr.write("The database does not answer; try again.")
            raise SystemExit(TRY_AGAIN) from None
        self.stdout.write(told)
