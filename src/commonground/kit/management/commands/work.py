"""`commonground work`: the worker, which does what the clock asks of every room."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonground.kit.clock import at_work, keep_running, run_due
from commonground.kit.upkeep.standing import (
    STOOD_DOWN,
    StandDown,
    is_up,
    wait_until_it_is_gone,
)


class Command(BaseCommand):
    help = "Do what is due: start and deliver posts, check channels, delete what may not be kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            with at_work():
                # Asked once whoever upgrades can see us: else it might begin in between.
                upgrading = is_up()
                if not upgrading:
                    run_due()
            if upgrading:
                raise CommandError("An upgrade is under way: nothing is sent until it has ended.")
            return
        self.over = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop)
        wait_until_it_is_gone(self.over)
        upgrade = StandDown(self.over.set)
        upgrade.start()
        keep_running(self.over)
        if upgrade.told:
            sys.exit(STOOD_DOWN)

    def stop(self, *_: object) -> None:
        """Finish what is in hand: each round ends, and no other begins."""
        self.over.set()
