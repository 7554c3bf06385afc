"""A lesson's text as a page shows it."""

from __future__ import annotations

from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def lesson_text(text: str) -> SafeString:
    """Paragraphs, lists, what somebody might say, and headings; see engine.course.Lesson."""
    return format_html_join("\n", "{}", ((shown(kind, lines),) for kind, lines in blocks(text)))


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Lines that belong together, with what they are."""
    found: list[tuple[str, list[str]]] = []
    for kind, group in groupby(text.strip().splitlines(), key=kind_of):
        lines = list(group)
        if kind != "empty":
            found += [(kind, [line]) for line in lines] if kind == "##" else [(kind, lines)]
    return found


def kind_of(line: str) -> str:
    if not line.strip():
        return "empty"
    start = line.partition(" ")[0]
    return start if start in ("-", ">", "##") else "text"


def shown(kind: str, lines: list[str]) -> SafeString:
    if kind == "##":
        return format_html("<h2>{}</h2>", lines[0][3:])
    if kind == "-":
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line[2:],) for line in lines))
        )
    words = " ".join(line.removeprefix("> ").strip() for line in lines)
    return format_html("<blockquote>{}</blockquote>" if kind == ">" else "<p>{}</p>", words)
