"""commonground ask groups VOTES.csv, commonground ask report VOTES.csv."""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonground.ask.engine.finding import found
from commonground.ask.engine.polis import polis_of
from commonground.ask.engine.reading import Statement
from commonground.ask.engine.telling import told
from commonground.ask.engine.telling_polis import told_as_polis
from commonground.ask.management.files import opened

ABOUT_GROUPS = """\
Find the groups in a file of votes, and the ground they share.

VOTES is a table in CSV (.gz or not) with the columns voter, statement, vote: 1 agrees, -1
disagrees, 0 passes, and the last vote of a voter on a statement holds. Polis' exports are read
too, with one vote a line or one participant a line. Nothing is stored, and no database is needed.

--json writes everything as one object. Who is in which group is part of it, for you who hold the
votes: do not publish "members" and "map", which together with a few known votes could tell who
somebody is. Shares of fewer than ten people are left out.
"""


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
        groups.add_argument("--json", action="store_true", help="everything, as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        ballots, texts, out = opened(options["votes"], options["statements"])
        if options["polis"]:
            finding = told_as_polis(ballots, polis_of(ballots, out))
        else:
            finding = told(found(ballots.without(out)))
        if options["json"]:
            self.stdout.write(json.dumps(finding, ensure_ascii=False))
        else:
            self.stdout.write(sentences(finding, texts))


def common_arguments(parser: CommandParser) -> None:
    parser.add_argument("votes", type=Path, metavar="VOTES")
    parser.add_argument(
        "--statements", type=Path, metavar="FILE",
        help="a table in CSV with the columns statement, text and, if any, moderated (-1: out)",
    )  # fmt: skip


def sentences(finding: dict[str, Any], texts: dict[str, Statement]) -> str:
    """A finding in a few lines for a terminal."""
    say = [
        f"{finding['voters']:,} voters, {finding['statements']:,} statements, "
        f"{finding['votes']:,} votes."
    ]
    if finding["stable"]:
        say.append(
            "Groups: " + ", ".join(f"{g['size']:,} ({g['share']:.0%})" for g in finding["groups"])
        )
    elif len(finding["groups"]) > 1:
        say.append("Polis' groups: " + ", ".join(f"{g['size']:,}" for g in finding["groups"]))
    else:
        say.append("No stable groups: the votes do not fall into groups one would find again.")
    for title, rows in (("Common ground", "common_ground"), ("What divides", "divides")):
        say += ["", f"{title}:", *(line(row, texts) for row in finding[rows][:10])]
    return "\n".join(say)


def line(row: dict[str, Any], texts: dict[str, Statement]) -> str:
    shares = " / ".join(
        "-" if share is None else f"{share:.0%}" for share in row["agree_by_group"].values()
    )
    name = str(row["statement"])
    return f"  {shares:<20} {name}  {texts[name].text[:90] if name in texts else ''}".rstrip()
