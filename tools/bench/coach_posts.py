"""The written posts: how often a hard rule cries wolf on ordinary ones, and misses hard ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commonground.say.engine.coach import coach_all
from commonground.say.engine.coach.remarks import rules

POSTS = Path(__file__).parents[2] / "src/commonground/say/tests/posts"


# The rules were made with the first in sight; the others were written later, each looked at once
# before the rules were mended with it in sight as well.
WRITTEN = ("", "later1_", "later2_")


def ordinary(written: Sequence[str] = WRITTEN) -> list[dict[str, str]]:
    """Invented posts in the manner of real ones: language, text."""
    return [
        {"language": code, "text": text}
        for when in written
        for code in ("en", "fr")
        for text in lines(f"{when}ordinary", code)
    ]


def hard(written: Sequence[str] = WRITTEN) -> list[dict[str, str]]:
    """Invented posts that must be stopped: rule, language, text."""
    return [
        {"language": code, "rule": rule, "text": text}
        for when in written
        for code in ("en", "fr")
        for rule, text in (line.split("|", 1) for line in lines(f"{when}hard", code))
    ]


def lines(name: str, code: str) -> list[str]:
    return (POSTS / f"{name}_{code}.txt").read_text(encoding="utf-8").splitlines()


def stopped_by(text: str, language: str) -> set[str]:
    return {found.rule for found in coach_all(text, language) if rules()[found.rule].hard}


def false_alarms() -> dict[str, Any]:
    posts = ordinary()
    stopped = [stopped_by(p["text"], p["language"]) for p in posts]
    named = [name for name, rule in rules().items() if rule.hard]
    return {
        "posts": len(posts), "with_any": sum(bool(s) for s in stopped),
        "rules": {name: sum(name in s for s in stopped) for name in named},
    }  # fmt: skip


def recall() -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    for post in hard():
        of = told.setdefault(post["rule"], {"found": 0, "of": 0})
        of["of"] += 1
        of["found"] += post["rule"] in stopped_by(post["text"], post["language"])
    return told
