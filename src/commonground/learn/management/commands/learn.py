"""commonground learn pullthrough."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commonground.learn.engine.article import Article
from commonground.learn.engine.pullthrough import Carried, Found, pulled_through

MOST_BYTES = 5_000_000  # of one article
IN_WORDS = {Carried.ABSENT: "absent ", Carried.TOUCHED: "touched", Carried.CARRIED: "CARRIED"}


class Command(BaseCommand):
    help = "Learn whether it landed: which of your key messages an article carried."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        pull = verbs.add_parser(
            "pullthrough",
            help="for each message and article: absent, touched or carried, and where",
        )
        pull.add_argument(
            "articles", nargs="+", metavar="ARTICLE", type=Path,
            help="a text file: the headline in its first line, then the paragraphs",
        )  # fmt: skip
        pull.add_argument(
            "--messages", required=True, metavar="M.toml", type=Path,
            help='the key messages: messages = ["...", "..."]',
        )  # fmt: skip
        pull.add_argument("--json", action="store_true", help="JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        messages = messages_in(options["messages"])
        told = [(path, pulled_through(messages, article_in(path))) for path in options["articles"]]
        if options["json"]:
            rows = [
                {"article": str(p), "messages": [f.as_dict() for f in found]} for p, found in told
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for path, found in told:
            self.stdout.write(f"{path}")
            self.stdout.writelines(f"{in_words(one)}\n" for one in found)


def in_words(found: Found) -> str:
    answer = IN_WORDS[found.carried] if found.sure else "not sure"
    quote = f"\n    {found.where}: “{found.quote}”" if found.quote else ""
    other = f"\n    another figure: {', '.join(found.otherwise)}" if found.otherwise else ""
    return f"  {answer}  {found.message}{quote}{other}"


def messages_in(path: Path) -> list[str]:
    """The messages of a file. Whoever wrote it is told what is wrong with it."""
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8")).get("messages")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not TOML: {error}.") from error
    if (
        not isinstance(held, list)
        or not held
        or not all(isinstance(m, str) and m.strip() for m in held)
    ):
        raise CommandError(f'{path} must say messages = ["...", "..."]: sentences, one or more.')
    return [message.strip() for message in held]


def article_in(path: Path) -> Article:
    try:
        with path.open("rb") as file:
            held = file.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    headline, _, text = held.lstrip("\ufeff\r\n").replace("\r\n", "\n").partition("\n")
    return Article(headline.strip(), text)
