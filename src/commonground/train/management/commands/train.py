"""commonground train: written scenarios as streams, and agencies to practise in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.kit.refusals import Refused
from commonground.train.actions import found_agency
from commonground.train.actions.badges import NotABadge, read
from commonground.train.actions.recordings import MOST_BYTES, add_recording
from commonground.train.engine.answers import answers_from
from commonground.train.engine.scenario import Scenario, ScenarioWrong
from commonground.train.engine.stream import posts
from commonground.train.engine.truth import ground_truth
from commonground.train.management.drills import played, told, told_of_drills
from commonground.train.queries import (
    crowd_of,
    desks_of,
    plan_named,
    scenario_named,
    scenario_names,
)

LONGEST_HOURS = 24 * 31


class Command(BaseCommand):
    help = "Play a written scenario, found an agency to practise in, or verify a certificate."
    requires_system_checks = []  # playing a scenario needs no database, and starts at once

    def add_arguments(self, parser: CommandParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        play = jobs.add_parser("scenario", help="print a scenario as a stream, a post a line")
        play.add_argument("name", nargs="?", help="which scenario")
        play.add_argument("--list", action="store_true", help="name the scenarios there are")
        play.add_argument("--seed", type=int, help="another city on the same days")
        play.add_argument("--start", help="when it begins, as 2026-03-04T10:00:00Z")
        play.add_argument("--hours", type=int, help="how long it lasts")
        play.add_argument(
            "--ground-truth", action="store_true", help="print what really happens, and when"
        )
        badge = jobs.add_parser(
            "badge", help="verify a certificate that somebody shows (Open Badge)"
        )
        badge.add_argument("file", type=Path, help="the badge, as it was given out")
        badge.add_argument("--key", type=Path, required=True, help="what the issuer's page answers")
        found = jobs.add_parser("found", help="found the scenario's agency on this desk")
        found.add_argument("name", help="which scenario")
        drill = jobs.add_parser("drill", help="play a drill without screens, and score it")
        drill.add_argument("name", nargs="?", help="which drill; without one, those there are")
        drill.add_argument("--seed", type=int, default=1, help="another crowd")
        drill.add_argument(
            "--answers", type=Path, help="what was said and done, as JSON; else the model answer"
        )
        drill.add_argument("--language", default="en", help="of what is told")
        drill.add_argument("--json", action="store_true", help="JSON instead of words")
        bring = jobs.add_parser("recording", help="bring a stream to play in drills")
        bring.add_argument("file", type=Path, help="one post a line, as JSON; packed or not")
        bring.add_argument("--by", required=True, help="the address of a trainer there")
        found.add_argument("--password", required=True, help="what its members sign in with")

    def handle(self, *args: Any, job: str, **options: Any) -> None:
        try:
            getattr(self, job)(**options)  # one of those above
        except ScenarioWrong as error:
            raise CommandError(str(error)) from error

    def badge(self, file: Path, key: Path, **_: Any) -> None:
        """Offline: what the key signed is what the file says, and its time is not over."""
        try:
            keys = json.loads(key.read_text(encoding="utf-8"))["keys"]
            token = file.read_text(encoding="ascii")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"This cannot be read: {error}") from error
        for one in keys:
            with suppress(NotABadge):
                return self.print_lines([json.dumps(read(token, one), indent=2)])
        raise CommandError("This badge is not the issuer's, was changed, or is not in force.")

    def scenario(self, name: str | None, **options: Any) -> None:
        if options["list"] or not name:
            return self.list_scenarios()
        scenario = scenario_named(name)
        start = scenario.start if options["start"] is None else moment(options["start"])
        hours = length(scenario.hours if options["hours"] is None else options["hours"])
        if options["ground_truth"]:
            truth = ground_truth(scenario, start=start, hours=hours)
            return self.print_lines([json.dumps(truth, ensure_ascii=False, indent=2)])
        seed = scenario.seed if options["seed"] is None else options["seed"]
        return self.print_lines(lines(scenario, seed=seed, start=start, hours=hours))

    def list_scenarios(self) -> None:
        for name in scenario_names():
            scenario = scenario_named(name)
            self.stdout.write(f"{name}: {scenario.title}, {scenario.hours} h. {scenario.about}")

    def print_lines(self, printed: list[str]) -> None:
        """The same bytes on every machine, whatever its locale and its idea of a line end."""
        text = "".join(f"{line}\n" for line in printed)
        raw = getattr(getattr(self.stdout, "_out", None), "buffer", None)
        try:
            if raw:
                raw.write(text.encode())
                raw.flush()
            else:
                self.stdout.write(text, ending="")
        except BrokenPipeError:
            # Whoever read us has seen enough (`| head`); say nothing more on the way out.
            sys.stderr.close()

    def drill(self, name: str | None, **options: Any) -> None:
        """What happens, what the crowd answers, and the score with its evidence."""
        if not name:
            return self.print_lines(told_of_drills(options["language"]))
        plan = plan_named(name)
        given = None
        if path := options["answers"]:
            try:
                given = answers_from(path.read_bytes(), plan)
            except OSError as error:
                raise CommandError(f"This cannot be read: {error}") from error
        story = played(plan, crowd_of(plan.city), given, options["seed"], options["language"])
        return self.print_lines(told(story, options))

    def recording(self, file: Path, by: str, **options: Any) -> None:
        trainer = Member.objects.filter(email=by.lower(), is_active=True).first()
        if trainer is None:
            raise CommandError(f"Nobody here has the address {by}.")
        try:
            with file.open("rb") as opened:
                made = add_recording(file.name, opened.read(MOST_BYTES + 1), by=trainer)
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        skipped = [
            f"{row['many']:>8,}  {row['why']}, line {', '.join(map(str, row['first']))}"
            for row in made.lines_skipped
        ]
        self.print_lines([f"{made.count:,} posts, {made.minutes / 60:.1f} h", *skipped])

    def found(self, name: str, password: str, **options: Any) -> None:
        must_be_strong(password)
        found_agency(name, password=password)
        slugs = [desk.agency.slug for desk in desks_of(name)]
        self.print_lines([line for slug in slugs for line in sign_ins(slug)])


def sign_ins(slug: str) -> Iterator[str]:
    """Who may sign in to an agency, with what they may do there."""
    agency = Agency.objects.get(slug=slug)
    yield f"\n{agency.name}"
    for member in agency.members.all():
        roles = ", ".join(sorted(member.roles))
        standing = "certified" if member.certified() else "not certified"
        yield f"  {member.email:34} {member.name:18} {roles:26} {standing}"


def lines(scenario: Scenario, *, seed: int, start: datetime, hours: int) -> list[str]:
    said = posts(scenario, seed=seed, start=start, hours=hours)
    return [
        json.dumps(post.line(start, scenario.post_address), ensure_ascii=False) for post in said
    ]


def must_be_strong(password: str) -> None:
    """A practice desk is on the network too: the same rules as for any member."""
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


def moment(text: str) -> datetime:
    """A moment in UTC; where no zone is given, UTC is meant."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(_("This is not a time: %(text)s") % {"text": text}) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def length(hours: int) -> int:
    if not 1 <= hours <= LONGEST_HOURS:
        raise CommandError(_("Between 1 and %(most)d hours, please.") % {"most": LONGEST_HOURS})
    return hours
