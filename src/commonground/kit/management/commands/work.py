"""`commonground work`: the worker, which does what the clock asks of every room."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commonground.kit.clock import run_due

BETWEEN_ROUNDS = 0.2  # seconds; half of it is how long an approved post waits on average


class Command(BaseCommand):
    help = "Do what is due: start and deliver posts, check channels, delete what may not be kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        self.on = True
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop)
        while self.on:
            run_due()
            if once:
                return
            time.sleep(BETWEEN_ROUNDS)

    def stop(self, *_: object) -> None:
        """Finish what is in hand: the round ends, and no other begins."""
        self.on = False
