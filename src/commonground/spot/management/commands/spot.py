"""commonground spot backtest."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from math import isfinite
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonground.agency.models import Member
from commonground.kit.refusals import Refused
from commonground.spot.engine.truth import TruthWrong
from commonground.spot.engine.written import towns
from commonground.spot.listening.recordings import (
    backtested,
    files_for,
    kept,
    truth_in,
    written_backtested,
)

ABOUT = """\
Measure the detector on recorded events: is each found, how soon, and at how many false alarms?

TRUTH is a JSON file that says what happened: a list of {file, onset, event_terms, slow}, or an
object with such a list as "events" and, if wanted, "background", "seeds" and "topics". See the
page "truth files" of the reference. FILES are recorded streams, gzipped or not; what the truth
does not name is background. Without --keep nothing is stored, and no database is needed.

With --keep the report stands on the desk of that member's agency, under Moments, "How good is
our spotting?", and its progress while it runs. The written city that ships:

  commonground train scenario harbour > harbour.jsonl
  commonground train scenario harbour --ground-truth > truth.json
  commonground spot backtest --truth truth.json --keep you@example.org --name "Harbour"

--suite written needs no recordings: it plays the invented towns that ship with the desk.
"""


class Command(BaseCommand):
    help = "Spot moments: measure how well it is done."
    requires_system_checks = ()  # a measurement must run where there is no desk at all

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        test = verbs.add_parser(
            "backtest", help="measure the detector on recorded events", description=ABOUT,
            formatter_class=RawDescriptionHelpFormatter,
        )  # fmt: skip
        test.add_argument("files", type=Path, nargs="*", metavar="FILES")
        what = test.add_mutually_exclusive_group(required=True)
        what.add_argument("--truth", type=Path, metavar="TRUTH.json")
        what.add_argument("--suite", choices=["written"], help="the invented towns that ship")
        test.add_argument("--seed", type=int, default=1, help="with --suite: other towns alike")
        test.add_argument(
            "--town", action="append", choices=list(towns()), help="with --suite: only this one"
        )
        test.add_argument(
            "--alarms-per-day", type=above_zero, default=0.2, metavar="N",
            help="false alarms a day that may be spent; 0.2 unless told",
        )  # fmt: skip
        test.add_argument(
            "--keep", metavar="E-MAIL", help="keep the report on the desk of this member's agency"
        )
        test.add_argument(
            "--name", default="", metavar="NAME",
            help="what the kept report is called; the truth file's folder unless told",
        )  # fmt: skip
        test.add_argument("--json", action="store_true", help="every figure as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.backtest(**options)
        except (TruthWrong, Refused) as wrong:
            raise CommandError(str(wrong)) from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")

    def backtest(self, **options: Any) -> None:
        told = self.on_suite(**options) if options["suite"] else self.on_files(**options)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(sentences(told)))

    def on_suite(self, alarms_per_day: float, seed: int, **options: Any) -> dict[str, Any]:
        only = options["town"] or ()
        return written_backtested(alarms_per_day, self.stderr.write, seed=seed, only=only)

    def on_files(
        self, truth: Path, files: list[Path], alarms_per_day: float, **options: Any
    ) -> dict[str, Any]:
        known = truth_in(truth)
        found = files_for(known, files, truth.parent)
        if not options["keep"]:
            return backtested(known, found, alarms_per_day, self.stderr.write)
        by = member_called(options["keep"])
        name = options["name"] or truth.absolute().parent.name
        told = kept(known, found, alarms_per_day, self.stderr.write, by=by, name=name)
        self.stderr.write(f"Kept on the desk of {by.agency}.")
        return told


def member_called(email: str) -> Member:
    member = Member.objects.filter(email__iexact=email.strip()).first()
    if member is None:
        raise CommandError(f"Nobody on this desk signs in as {email}.")
    return member


def above_zero(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ArgumentTypeError("a number above zero") from None
    if not (isfinite(number) and number > 0):
        raise ArgumentTypeError("a number above zero")
    return number


NAMES = {
    "recall": "found within 6 h",
    "median_delay_minutes": "median delay, minutes",
    "label_match": "named with its own words",
    "resource_match": "right help offered first",
    "further_moments": "further moments of the same event",
}


def sentences(told: dict[str, Any]) -> list[str]:
    lines = [
        f"False alarms: {told['false_alarms']} in {told['counted_on_days']} days of background, "
        f"{told['false_alarms_per_day']} a day (asked for: {told['alarms_per_day_asked']})."
    ]
    for kind, words in (("bursts", "Bursts"), ("slow", "Slow burns")):
        if figures := told[kind]:
            lines.append(f"{words}: {figures['events']} events, laid in {figures['injections']}x")
            lines += [
                figure_line(name, figures[key]) for key, name in NAMES.items() if key in figures
            ]
    return lines


def figure_line(name: str, figure: dict[str, float | None]) -> str:
    ends = f"{told(figure['from'])} to {told(figure['to'])}"
    return f"  {name:36} {told(figure['is']):>8}   95 % of draws: {ends}"


def told(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"
