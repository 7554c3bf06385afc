"""commonground hear replay FILE, commonground hear listen."""

from __future__ import annotations

import json
import math
import signal
import sys
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonground.agency.models import Agency
from commonground.hear import actions
from commonground.hear.contract import Finding
from commonground.hear.listening.ear import Ear
from commonground.hear.listening.follow import Following
from commonground.hear.listening.replay import Pace, opened, play, stream
from commonground.kit.upkeep.standing import STOOD_DOWN, StandDown, wait_until_it_is_gone

MOST_WORKERS = 64
ABOUT_REPLAY = """\
Hear a recorded stream again, and say which moments stand out in it.

FILE holds one post a line (.gz or not): our own {id, ts, text, lang?, author?, url?},
Jetstream frames, or ActivityStreams objects. A line that cannot be read is counted with
its reason and passed over.

Without --agency nothing is stored and no database is needed: the moments are told, with the
starter library's kinds of help. With --agency the posts are kept for some hours and the
moments are opened on that agency's desk; posts never come before their own time.

--background FILE lays another recording over the stream, as chatter around it. Its posts keep
their time of day; its first day falls on the stream's first day, and when it has more days
than the stream they begin again at the first. Where its lines have a "label", only those
labelled "off-topic" are laid over. May be given several times.
"""


class Command(BaseCommand):
    help = "Listen to the public: replay a recorded stream, or follow the live sources."
    requires_system_checks = ()  # an analysis must run where there is no desk at all

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        replay = verbs.add_parser(
            "replay", help="a recorded stream", description=ABOUT_REPLAY,
            formatter_class=RawDescriptionHelpFormatter,
        )  # fmt: skip
        replay.add_argument("file", type=Path)
        replay.add_argument(
            "--speed", type=speed, default=None, metavar="N|max",
            help="how many times faster than it happened; max (the default): at once",
        )  # fmt: skip
        replay.add_argument(
            "--live-from", type=moment_of, default=0.0, metavar="TIME",
            help="pass what is older at once, and begin the speed here (ISO 8601)",
        )  # fmt: skip
        replay.add_argument("--background", type=Path, action="append", default=[], metavar="FILE")
        replay.add_argument("--agency", metavar="SLUG", help="whose desk to write to")
        replay.add_argument("--json", action="store_true", help="one line of JSON per moment")
        listen = verbs.add_parser("listen", help="follow every source that is on, until stopped")
        listen.add_argument(
            "--workers", type=some, default=1, metavar="N",
            help="how many processes read what whole networks say (1: this one)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "replay":
                self.replay(options)
            else:
                self.listen(options["workers"])
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")

    def listen(self, workers: int) -> None:
        """Until somebody stops it, or an upgrade does: then whoever started it starts it again."""
        wait_until_it_is_gone()
        following = Following(tell=self.say, workers=workers)
        signal.signal(signal.SIGTERM, lambda *_: following.stopped.set())
        upgrade = StandDown(following.stopped.set)
        upgrade.start()
        following.run()
        if upgrade.told:
            sys.exit(STOOD_DOWN)

    def say(self, said: str) -> None:
        """For people. Where machines read, it would be neither an object nor without names."""
        if settings.ENV.log == "line":
            self.stderr.write(said)

    def replay(self, options: dict[str, Any]) -> None:
        for path in [options["file"], *options["background"]]:
            readable(path)
        agency = our_agency(options["agency"])
        source = actions.replay_source(agency, options["file"].name) if agency else None
        ear = Ear(agency)
        pace = Pace(options["speed"], ahead=agency is None, live_from=options["live_from"])
        try:
            items = stream(options["file"], options["background"])
            self.tell(play(items, ear, pace, source=source), as_json=options["json"])
        finally:
            if agency:
                ear.rest()
            self.stderr.write(summary(ear))

    def tell(self, findings: Iterable[Finding], *, as_json: bool) -> None:
        for found in findings:
            line = json.dumps(found, ensure_ascii=False) if as_json else sentence(found)
            self.stdout.write(line)
            self.stdout.flush()


def speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        number = float(text)
    except ValueError:
        raise ArgumentTypeError("a number, or max") from None
    if not (math.isfinite(number) and number > 0):
        raise ArgumentTypeError("a number above zero, or max")
    return number


def some(text: str) -> int:
    if text.isdigit() and 1 <= int(text) <= MOST_WORKERS:
        return int(text)
    raise ArgumentTypeError(f"a number from 1 to {MOST_WORKERS}")


def moment_of(text: str) -> float:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a time such as 2026-03-02T18:00Z") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def readable(path: Path) -> None:
    try:
        with opened(path):
            return
    except FileNotFoundError:
        raise CommandError(f"There is no file {path}.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


def our_agency(slug: str | None) -> Agency | None:
    if slug is None:
        return None
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        raise CommandError(f"There is no agency {slug} on this desk.")
    return agency


def sentence(found: Finding) -> str:
    helps = ", ".join(str(r["name"]) for r in found["resources"])  # type: ignore[attr-defined]
    return (
        f"{found['opened_at']}  {found['label']}: {found['count']} voices in {found['scale']} "
        f"minutes, usually {found['usual']}. Help that fits: {helps or 'none found'}."
    )


def summary(ear: Ear) -> str:
    lines = [f"{ear.read:,} posts heard, {sum(ear.skipped.values()):,} lines passed over."]
    lines += [f"  {count:>8,}  {why}" for why, count in ear.skipped.most_common()]
    return "\n".join(lines)
