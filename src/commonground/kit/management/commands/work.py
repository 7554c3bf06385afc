"""`commonground work`: the worker, which does what the clock asks of every room."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from commonground.kit.clock import keep_running, run_due


class Command(BaseCommand):
    help = "Do what is due: start and deliver posts, check channels, delete what may not be kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            run_due()
            return
        self.over = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop)
        keep_running(self.over)

    def stop(self, *_: object) -> None:
        """Finish what is in hand: each round ends, and no other begins."""
        self.over.set()
