"""commonground ask groups VOTES.csv, ask report VOTES.csv, ask receipt RECEIPT.json."""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.finding import found
from commonground.ask.engine.polis import polis_of
from commonground.ask.engine.reading import Statement
from commonground.ask.engine.receipts import trouble_with
from commonground.ask.engine.telling import told
from commonground.ask.engine.telling_polis import told_as_polis
from commonground.ask.engine.weighing import weighed
from commonground.ask.management.files import opened, population
from commonground.ask.management.report import page

ABOUT_GROUPS = """\
Find the groups in a file of votes, and the ground they share.

VOTES is a table in CSV (.gz or not) with the columns voter, statement, vote: 1 agrees, -1
disagrees, 0 passes, and the last vote of a voter on a statement holds. Polis' exports are read
too, with one vote a line or one participant a line. Nothing is stored, and no database is needed.

--json writes everything as one object. Who is in which group is part of it, for you who hold the
votes: do not publish "members" and "map", which together with a few known votes could tell who
somebody is. Shares of fewer than ten people are left out.

--people and --margins add "weighed": the shares as they would be, were the voters as mixed as the
place they live in. MARGINS holds a trait a line, "Age: under 30 = 23; 30 to 59 = 48; 60 and over =
29", in per cent; PEOPLE is a table in CSV, its first column the voter, the others named as the
traits. Who is not in it, or left an answer empty, is not weighed.
"""


ABOUT_REPORT = """\
Write one page in HTML on where the groups meet and what divides them.

The page needs nothing else: no script, no network, pictures drawn in it and each told again as a
table. It names nobody and shows no share of fewer than ten people.
"""


ABOUT_RECEIPT = """\
Check a receipt: whether these votes lie under a seal of the record.

RECEIPT is the file a voter keeps; the seals are the file at /ask/WORD/seals.json. Nothing is sent
anywhere, and no database is needed.
"""


MOST_BYTES = 20_000_000  # the seals of a question that runs for years


class Command(BaseCommand):
    help = "Ask the public: find groups and common ground in votes."
    requires_system_checks = ()  # an analysis must run where there is no desk at all

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        groups = verbs.add_parser(
            "groups", help="groups and common ground in a file of votes", description=ABOUT_GROUPS,
            formatter_class=RawDescriptionHelpFormatter,
        )  # fmt: skip
        common_arguments(groups)
        groups.add_argument("--polis", action="store_true", help="as Polis computes it, to compare")
        groups.add_argument("--people", type=Path, metavar="PEOPLE", help="what voters told")
        groups.add_argument("--margins", type=Path, metavar="MARGINS", help="shares of the place")
        groups.add_argument("--json", action="store_true", help="everything, as one JSON object")

        report = verbs.add_parser(
            "report", help="the same as one page to read and print", description=ABOUT_REPORT,
            formatter_class=RawDescriptionHelpFormatter,
        )  # fmt: skip
        common_arguments(report)
        report.add_argument("--html", type=Path, required=True, metavar="OUT")
        report.add_argument(
            "--lang", choices=[code for code, _ in settings.LANGUAGES], default="en"
        )
        report.add_argument("--title", default="", help="what was asked; else the file's name")

        receipt = verbs.add_parser(
            "receipt", help="whether a ballot lies in the record", description=ABOUT_RECEIPT,
            formatter_class=RawDescriptionHelpFormatter,
        )  # fmt: skip
        receipt.add_argument("receipt", type=Path, metavar="RECEIPT")
        receipt.add_argument("--seals", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs = {"report": self.report, "receipt": self.receipt, "groups": self.groups}
        verbs[options["verb"]](options)

    def receipt(self, options: dict[str, Any]) -> None:
        held, known = told_in(options["receipt"]), told_in(options["seals"])
        roots = {
            int(seal["entry"]): str(seal["root"])
            for seal in known.get("seals", [])
            if isinstance(seal, dict) and {"entry", "root"} <= seal.keys()
        }
        if trouble := trouble_with(held, roots):
            raise CommandError(f"Not proven: {trouble}.")
        self.stdout.write(
            f"This ballot, with {len(held['votes'])} answers, lies under the seal in entry "
            f"{held['entry']} of the record."
        )

    def report(self, options: dict[str, Any]) -> None:
        ballots, texts, out = opened(options["votes"], options["statements"])
        title = options["title"] or options["votes"].name.partition(".")[0]
        finding = found(ballots.without(out))
        if not finding.stable:  # a page that says so must not show groups all the same
            finding = found(finding.ballots, groups=1)
        html = page(told(finding), texts, title=title, lang=options["lang"])
        try:
            options["html"].write_text(html)
        except OSError as error:
            raise CommandError(f"{options['html']} cannot be written: {error.strerror}.") from None

    def groups(self, options: dict[str, Any]) -> None:
        ballots, texts, out = opened(options["votes"], options["statements"])
        if options["polis"]:
            finding = told_as_polis(ballots, polis_of(ballots, out))
        else:
            finding = told(found(ballots.without(out)))
        if weights := weights_of(options, ballots.without(out)):
            finding["weighed"] = weights
        if options["json"]:
            self.stdout.write(json.dumps(finding, ensure_ascii=False))
        else:
            self.stdout.write(sentences(finding, texts, sure=options["polis"]))


def weights_of(options: dict[str, Any], ballots: Ballots) -> dict[str, Any] | None:
    """The weighed shares, where both files for them were given."""
    files = options["people"], options["margins"]
    if None in files:
        if any(files):
            raise CommandError("Weighing takes both --people and --margins.")
        return None
    people, margins = population(*files)
    traits = {
        name: people[str(name)] for name in ballots.voters.tolist() if str(name) in people
    }  # fmt: skip
    return weighed(ballots, traits, [m.shares for m in margins])


def told_in(path: Path) -> dict[str, Any]:
    """What a small JSON file holds; nothing where it is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path} is too large to be a receipt.")
        held = json.loads(path.read_text())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def common_arguments(parser: CommandParser) -> None:
    parser.add_argument("votes", type=Path, metavar="VOTES")
    parser.add_argument(
        "--statements", type=Path, metavar="FILE",
        help="a table in CSV with the columns statement, text and, if any, moderated (-1: out)",
    )  # fmt: skip


def sentences(finding: dict[str, Any], texts: dict[str, Statement], *, sure: bool) -> str:
    """A finding in a few lines for a terminal; sure: as Polis, which never doubts its groups."""
    say = [
        f"{finding['voters']:,} voters, {finding['statements']:,} statements, "
        f"{finding['votes']:,} votes."
    ]
    if finding["stable"] or sure:
        say.append(
            "Groups: " + ", ".join(f"{g['size']:,} ({g['share']:.0%})" for g in finding["groups"])
        )
    else:
        say.append("No stable groups: these votes do not say for sure who belongs with whom.")
    for title, rows in (("Common ground", "common_ground"), ("What divides", "divides")):
        say += ["", f"{title}:", *(line(row, texts) for row in finding[rows][:10])]
    if weights := finding.get("weighed"):
        say += ["", *weighed_lines(weights, texts)]
    return "\n".join(say)


WHY_NOT = {
    "few_told": "No trait has thirty people who told it in every class.",
    "few_worth": "That is fewer than fifty.",
    "far_off": "They are too unlike the place: even weighed, a share is {off} points off.",
}


def weighed_lines(weights: dict[str, Any], texts: dict[str, Statement]) -> list[str]:
    people, effective = weights["people"], weights["effective"]
    worth = f"{people:,} told who they are, worth {effective:,.0f} equal people"
    if weights["why"]:
        return [f"Not weighed: {worth}. {WHY_NOT[weights['why']].format(**weights)}"]
    say = [f"Weighed ({worth}; agree, 95 % interval, as voted):"]
    for name in weights["shared"]:
        shares = "  {agree:.0f}% ({low:.0f}-{high:.0f}), {bare:.0f}%"
        text = texts[name].text[:90] if name in texts else ""
        say.append(f"{shares.format(**weights['statements'][name]):<24} {name}  {text}".rstrip())
    return say


def line(row: dict[str, Any], texts: dict[str, Statement]) -> str:
    shares = " / ".join(
        "-" if share is None else f"{share:.0%}" for share in row["agree_by_group"].values()
    )
    name = str(row["statement"])
    return f"  {shares:<20} {name}  {texts[name].text[:90] if name in texts else ''}".rstrip()
