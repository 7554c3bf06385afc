"""Reads the labelled set: messages and articles written by us, each label at its sentence.

A file is a readable page. `## incident` is followed by numbered messages; `### headline` by the
article, a paragraph a line. After a sentence stands what it does for a message: `[2+p]` carries
message 2 in other words, `[1~n]` touches message 1 with a wrong figure, `[3-x]` denies message 3.
What has no mark is absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import regex

from commonground.learn.engine.article import Article

MARK = regex.compile(r" ?\[(\d)([-~+])([a-z]?)\]")
CARRIED = {"-": 0, "~": 1, "+": 2}
KINDS = {
    "p": "in other words", "n": "a wrong figure", "o": "in somebody else's mouth",
    "x": "denied or over", "t": "the subject, not the message", "": "plain or in part",
    "none": "nothing of it",
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """A message, the messages it stands among, and an article. carried: 0, 1 or 2. at: where the
    sentence that decided stands in `article.whole`; None where no sentence speaks of it."""

    incident: str
    language: str
    message: str
    messages: tuple[str, ...]
    article: Article
    carried: int
    kind: str
    at: tuple[int, int] | None


@dataclass
class Draft:
    name: str
    messages: list[str] = field(default_factory=list)
    articles: list[list[str]] = field(default_factory=list)


def pairs_in(files: Sequence[Path]) -> list[Pair]:
    """Every pair of these files; the first two letters of a file's name are its language."""
    return [
        pair
        for file in files
        for draft in drafts(file.read_text(encoding="utf-8"))
        for lines in draft.articles
        for pair in pairs_of(draft, lines, file.name[:2])
    ]


def drafts(text: str) -> Iterator[Draft]:
    draft: Draft | None = None
    for line in map(str.strip, text.splitlines()):
        if line.startswith("## "):
            if draft:
                yield draft
            draft = Draft(line.removeprefix("## "))
        elif draft and line.startswith("### "):
            draft.articles.append([line.removeprefix("### ")])
        elif draft and draft.articles and line:
            draft.articles[-1].append(line)
        elif draft and line:
            draft.messages.append(regex.sub(r"^\d\. ", "", line))
    if draft:
        yield draft


def pairs_of(draft: Draft, lines: Sequence[str], language: str) -> Iterator[Pair]:
    marked = "\n".join(lines)
    plain, marks, at = "", [], 0
    for match in MARK.finditer(marked):
        plain += marked[at : match.start()]
        at = match.end()
        marks.append((int(match[1]), CARRIED[match[2]], match[3], len(plain) - 1))
    plain += marked[at:]
    headline, _, text = plain.partition("\n")
    article = Article(headline, text)
    for number, message in enumerate(draft.messages, start=1):
        # Where two sentences speak of a message, the one that carries more decides.
        own = sorted((m for m in marks if m[0] == number), key=lambda m: -m[1])
        carried, kind, place = (own[0][1], own[0][2], own[0][3]) if own else (0, "none", None)
        yield Pair(
            draft.name, language, message, tuple(draft.messages), article, carried, kind,
            span(article, place),
        )  # fmt: skip


def span(article: Article, place: int | None) -> tuple[int, int] | None:
    if place is None:
        return None
    return next((s.start, s.end) for s in article.sentences if s.start <= place < s.end)
