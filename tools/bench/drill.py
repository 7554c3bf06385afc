"""A drill by the clock: seventy-two hours in twenty minutes, with the desk's own worker.

./run bench drill [--plan silence] [--minutes 20] [--seed 1] [--json FILE]

The practice city is founded on a database of its own, a trainer begins the drill, and a team says
what the model answer says, when it says it. Told is how far the drill was behind its clock, what
the worker took of the processor, which moments were found, and whether every line of the score
leads to what shows it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOOK_EVERY = 2.0  # seconds
OVER = 60.0  # seconds after its time, until it must be over
PASSWORD = "a long pass phrase for a drill"


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run bench drill", description=__doc__)
    asked.add_argument("--plan", default="silence")
    asked.add_argument("--minutes", type=float, default=20.0, help="of the clock")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--json", type=Path)
    wish = asked.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        set_up(Path(folder))
        found = held(wish)
    print(json.dumps(found, indent=2))
    if wish.json:
        wish.json.write_text(json.dumps(found, indent=2) + "\n")
    whole = found["over"] and found["lines"] and not found["lines_without_evidence"]
    return 0 if whole else 1


def set_up(folder: Path) -> None:
    os.environ |= {
        "COMMONGROUND_DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3",
        "COMMONGROUND_UNDO_SECONDS": "0", "DJANGO_SETTINGS_MODULE": "commonground.settings",
    }  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def held(wish: argparse.Namespace) -> dict[str, Any]:
    from commonground.spot.models import Moment
    from commonground.train import actions, queries

    actions.found_agency("harbour", password=PASSWORD)
    desk = queries.desk_for_drills()
    assert desk is not None
    worker = subprocess.Popen([sys.executable, "-m", "commonground", "work"], cwd=ROOT)
    try:
        team = Team(desk)
        plan = queries.plan_named(wish.plan)
        speed = plan.minutes / wish.minutes
        drill = actions.begin_drill(plan, team.seats, by=team.trainer, speed=speed, seed=wish.seed)
        behind = played(drill, team, until=time.monotonic() + wish.minutes * 60 + OVER)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(120)
    drill.refresh_from_db()
    scored = queries.scored(drill)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    late = sorted(behind)
    return {
        "plan": wish.plan, "hours": plan.minutes / 60, "minutes": wish.minutes,
        "load": os.getloadavg()[0], "over": drill.is_over, "said": team.said,
        "happened": drill.happenings.happened().count(),
        "moments": list(Moment.objects.filter(agency=desk).values_list("label", flat=True)),
        "seconds_behind": {
            "middle": round(statistics.median(late), 1),
            "p95": round(late[int(len(late) * 0.95)], 1), "most": round(late[-1], 1),
        },
        "worker_processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "lines": {line.name: round(line.share, 2) for line in scored},
        "lines_without_evidence": [line.name for line in scored if not line.evidence],
    }  # fmt: skip


def played(drill: Any, team: Team, *, until: float) -> list[float]:
    """Say what the model answer says as its minutes come. How far behind its clock the drill was
    at each look, in seconds of the clock."""
    behind, answers = [], list(drill.plan.model)
    while not drill.minute and time.monotonic() < until:  # until its worker has started
        time.sleep(0.1)
        drill.refresh_from_db()
    began = time.time() - drill.minute * 60 / drill.speed
    while not drill.is_over and time.monotonic() < until:
        time.sleep(LOOK_EVERY)
        should = (time.time() - began) * drill.speed / 60
        drill.refresh_from_db()
        behind.append(max(0.0, (min(should, drill.plan.minutes) - drill.minute) * 60 / drill.speed))
        while answers and answers[0].minute <= drill.minute and not drill.is_over:
            team.say(answers.pop(0).says["en"], drill.channel)
    return behind


class Team:
    """Those whom the desk for drills was founded with."""

    def __init__(self, desk: Any) -> None:
        self.desk, self.said = desk, 0
        self.trainer = self.one("trainer")
        author, approver = self.one("author"), self.one("approver")
        self.seats = {"author": [author], "approver": [approver], "spokesperson": [author]}

    def one(self, role: str) -> Any:
        return self.desk.members.filter(role_rows__role=role).order_by("name").first()

    def say(self, text: str, channel: Any) -> None:
        from commonground.say import actions
        from commonground.say.models import Post, Variant

        (author,), (approver,) = self.seats["author"], self.seats["approver"]
        title = text[:60]
        post = Post.objects.create(agency=self.desk, author=author, title=title, text=text)
        Variant.objects.create(post=post, channel=channel, title=title, text=text)
        post = actions.submit(post, by=author)
        actions.approve(post, read=post.digest, by=approver)
        self.said += 1
