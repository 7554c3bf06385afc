"""Writes the pages of the docs that the code knows best: settings, workflows, commands.

python -m tools.docs           write them
python -m tools.docs --check   fail if one of them is not what the code says
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")
os.environ["COLUMNS"] = "100"

import django

django.setup()

from django.apps import apps
from django.conf import settings as settings_of
from django.core.management import get_commands, load_command_class

from commonground.connect.engine.events import EVENTS
from commonground.kit.api.problems import WORDS
from commonground.kit.environment import Env
from commonground.record.engine.acts import MODERATION, OPEN
from commonground.say.engine.coach.remarks import rules
from commonground.urls import API

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs/reference"


def settings() -> str:
    rows = [
        f"| `COMMONGROUND_{name.upper()}` | {default(field.default)} | {field.description} |"
        for name, field in Env.model_fields.items()
    ]
    return "\n".join([
        "# Settings", "",
        "Read once, at the start, from the environment. Add `_FILE` to a name to have the value",
        "read from that file. All mistakes are told at once, in words.", "",
        "| name | default | what it does |", "|---|---|---|", *rows, "",
    ])  # fmt: skip


def default(value: object) -> str:
    if isinstance(value, list):
        value = ",".join(value)
    return f"`{value}`" if value != "" else "none"


def workflows() -> str:
    parts = [
        "# Workflows", "",
        "Drawn from each room's `states.py`: the one table that decides which buttons a person",
        "sees and what the desk may do. In brackets: who may.", "",
    ]  # fmt: skip
    for model in apps.get_models():
        if not hasattr(model, "WORKFLOW"):
            continue
        room = model.__module__.split(".")[1]
        roles = [f"- {name} ({t.role})" for name, t in model.WORKFLOW.transitions.items()]
        parts += [
            f"## {model.__name__}, in `{room}`", "", "```mermaid",
            model.WORKFLOW.as_mermaid().rstrip(), "```", "", *roles, "",
        ]  # fmt: skip
    return "\n".join(parts)


def commands() -> str:
    parts = [
        "# Commands", "", "`commonground ROOM VERB`; in a checkout `./run desk ROOM VERB`.",
        "Django's own commands (`migrate`, `shell`, ...) work as well.", "",
    ]  # fmt: skip
    for command in every_command():
        parts += [
            f"## commonground {' '.join(command)}",
            "",
            "```text",
            help_of(command),
            "```",
            "",
        ]
    return "\n".join(parts)


def every_command() -> list[list[str]]:
    """Of every room, in the rooms' order; one that has verbs, verb by verb."""
    found = []
    for name, app in get_commands().items():
        if app.startswith("commonground."):
            parser = load_command_class(app, name).create_parser("commonground", name)
            verbs = [v for act in parser._actions for v in getattr(act, "_name_parser_map", {})]
            at = next(n for n, room in enumerate(settings_of.ROOMS) if app.startswith(room))
            found.append((at, name, [[name, verb] for verb in verbs] or [[name]]))
    return [command for *_, commands in sorted(found) for command in commands]


def help_of(command: list[str]) -> str:
    """What `--help` prints. Asked of the parser itself: a process for each would take minutes."""
    room, *more = command
    parser = load_command_class(get_commands()[room], room).create_parser("commonground", room)
    said = io.StringIO()
    with redirect_stdout(said), suppress(SystemExit):
        parser.parse_args([*more, "--help"])
    hidden = ("--version", "-v {0", "--verbosity", "--settings", "--pythonpath", "--traceback",
              "--no-color", "--force-color", "--skip-checks")  # fmt: skip
    lines = said.getvalue().rstrip().splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith(hidden))


def coach_rules() -> str:
    """Every rule of the coach, from the tables it reads."""
    parts = [
        "# The coach's rules", "",
        "Written from the tables in `say/engine/coach/words/`. A hard rule holds a post back until",
        "a second person overrides it in writing; at most three remarks are shown, in this order.",
        "How good they are: [the coach](../explanation/coach.md).", "",
    ]  # fmt: skip
    for rule in rules().values():
        said, hard = rule.words["en"], "**Hard stop.** " if rule.hard else ""
        parts += [
            f"## {rule.name}", "", f"{hard}Kind: {rule.kind}.", "",
            f"- Why: {said['why']}", f"- Better: {said['instead']}",
            f"- Rests on: {rule.rests_on}.", "",
        ]  # fmt: skip
    return "\n".join(parts)


def the_api() -> str:
    """Every operation of the API, from its own document, and every error."""
    parts = [
        "# The API", "",
        "Below `/api/v1`. Written from the API's own document, which a desk serves at",
        "`/api/v1/openapi.json`. How to begin:",
        "[connect programs](../how-to/connect-programs.md).", "",
    ]  # fmt: skip
    for path, methods in API.get_openapi_schema(path_prefix="")["paths"].items():
        for method, told in methods.items():
            parts += operation(f"{method.upper()} {path}", told)
    parts += ["## What can go wrong", "", "| status | `type` ends in | meaning |", "|---|---|---|"]
    parts += [f"| {status} | `{word}` | {means} |" for word, (status, means) in WORDS.items()]
    parts += ["", "## What can be told", "", *(f"- `{event}`" for event in EVENTS), ""]
    return "\n".join(parts)


def operation(name: str, told: dict[str, Any]) -> list[str]:
    needs = f"Needs `{told['x-scope']}`." if told["x-scope"] else "Any key will do."
    asked = [f"- {one['in']} `{one['name']}`{about(one)}" for one in told["parameters"]]
    if "requestBody" in told:
        ref = told["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        asked.append(f"- the body: `{ref.rpartition('/')[2]}`")
    said = [told["description"], ""] if told.get("description") else []
    return [
        f"## {name}",
        "",
        f"{told['summary']}. {needs}",
        "",
        *said,
        *asked,
        *([""] if asked else []),
    ]


def about(parameter: dict[str, Any]) -> str:
    required = ", required" if parameter["required"] else ""
    said = parameter.get("description", "")
    return f"{required}: {said}" if said else required


def who_may_enter() -> str:
    """Each door, as it was tried for the policy the tests hold the desk to."""
    doors = json.loads((ROOT / "tests/house/doors.json").read_text())
    who = list(next(iter(doors.values())))
    parts = [
        "# Who may enter", "",
        "Every address of the desk that asks who you are, tried with a thing of the agency behind",
        "it: *reading / pressing*. *yes*: the door opens, at least to a form that says what is",
        "missing; *no*: refused, with the reason; *not there*: as if there were nothing; *-*:",
        "there is nothing to read, or to press. Whoever is not signed in is sent to sign in,",
        "everywhere. A member holds several roles where the agency gives them several. One's own",
        "things (browsers, absences) are one's own.", "",
        f"| address | {' | '.join(who)} |", "|---" * (len(who) + 1) + "|",
    ]  # fmt: skip
    rows = [
        f"| `{name}` | {' | '.join(found[one] for one in who)} |" for name, found in doors.items()
    ]
    return "\n".join([*parts, *rows, ""])


def public_acts() -> str:
    """What the public log says aloud, for ever."""
    parts = [
        "# What the log says aloud", "",
        "Written from the table in `record/engine/acts.py`. Of these acts the log says what it",
        "was, when to the second, on which account and by which role; the archive shows the facts",
        "named here besides, until they are erased. What is not in this table is `inner`: the log",
        "commits to it, and says nothing of it ([why](../explanation/the-record.md)).", "",
        "| act | facts anybody may read | in the log of moderation |", "|---|---|---|",
    ]  # fmt: skip
    rows = [
        f"| `{act}` | {', '.join(f'`{fact}`' for fact in facts) or '-'} |"
        f" {'yes' if act in MODERATION else '-'} |"
        for act, facts in sorted(OPEN.items())
    ]
    return "\n".join([*parts, *rows, ""])


def forms_of_the_desk() -> str:
    from tools.input import page  # needs all rooms to be ready

    return page()


PAGES = {
    "settings.md": settings, "workflows.md": workflows, "commands.md": commands,
    "coach-rules.md": coach_rules, "api.md": the_api, "who-may-enter.md": who_may_enter,
    "input.md": forms_of_the_desk, "public-acts.md": public_acts,
}  # fmt: skip


def main() -> None:
    stale = [n for n, page in PAGES.items() if not same(REFERENCE / n, page())]
    if "--check" in sys.argv:
        sys.exit(f"{', '.join(stale)}: not what the code says. Run ./run docs" if stale else 0)
    for name in stale:
        (REFERENCE / name).write_text(PAGES[name]())


def same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    main()
