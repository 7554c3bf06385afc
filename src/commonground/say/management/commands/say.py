"""commonground say coach."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commonground.say.engine.coach import Advice, Known, coach


class Command(BaseCommand):
    help = "Coach a draft: what it should not say, and how it would be heard better."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        draft = verbs.add_parser("coach", help="read a draft from standard input; print remarks")
        draft.add_argument("--json", action="store_true", help="JSON instead of words")
        draft.add_argument(
            "--lines", action="store_true",
            help='with --json: one {"text": ...} a line in, one result a line out;'
            ' a line may name its own "language"',
        )  # fmt: skip
        draft.add_argument("--lang", help="language of the draft, en or fr; found out if not given")
        draft.add_argument(
            "--speak", help="language of the remarks; that of the draft if not given"
        )
        draft.add_argument(
            "--number", action="append", default=[], metavar="PHONE",
            help="a telephone number you publish; may be given several times",
        )  # fmt: skip

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        options["known"] = Known(numbers=frozenset(options["number"]))
        typed = sys.stdin.buffer
        if options["lines"]:
            for result in each(typed, options):
                self.stdout.write(json.dumps(result, ensure_ascii=False))
                self.stdout.flush()
            return
        advice = advised(typed.read().decode("utf-8", "replace"), options["lang"], options)
        told = (
            json.dumps(advice.as_dict(), ensure_ascii=False) if options["json"] else words(advice)
        )
        self.stdout.write(told)


def each(typed: Iterable[bytes], options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One answer for every line, in its order; a broken line is answered in words."""
    for number, line in enumerate(typed, start=1):
        try:
            draft = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield {"error": f"Line {number} is not JSON: {in_words(error)}"}
            continue
        if not isinstance(draft, dict) or not isinstance(draft.get("text"), str):
            yield {"error": f'Line {number} must be an object with "text", a string.'}
            continue
        yield advised(draft["text"], language_of(draft) or options["lang"], options).as_dict()


def in_words(error: Exception) -> str:
    """An empty line and too deep a nesting get a sentence of our own."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply."
    return "bytes that are no UTF-8." if isinstance(error, UnicodeDecodeError) else f"{error}."


def language_of(draft: dict[str, Any]) -> str | None:
    said = draft.get("language", draft.get("lang"))
    return said if isinstance(said, str) else None


def advised(text: str, language: str | None, options: dict[str, Any]) -> Advice:
    # A lone half of a surrogate pair can be typed in JSON; it cannot be written out again.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return coach(text, language, options["known"], options["speak"])


def words(advice: Advice) -> str:
    told = [
        f"{'STOP' if r.hard else r.kind} ({r.rule}) “{r.quote}”\n  {r.why}\n  {r.instead}"
        for r in advice.remarks
    ] or ["Nothing to remark."]
    figures = (
        f"Receptiveness {advice.receptiveness:+.2f} (0 is the middle), grade {advice.grade:g}."
    )
    return "\n".join([*told, figures])
