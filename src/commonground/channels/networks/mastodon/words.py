"""Reads a status as a person would: its HTML, back to the words that were typed."""

from __future__ import annotations

from html.parser import HTMLParser


class Words(HTMLParser):
    """Collects what is shown. A paragraph begins after a blank line, `br` ends a line.

    Servers wrap links in spans that hide their ends from the eye, not from the text, so
    hidden spans are read like all others. Unknown tags show what is in them.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.seen.append("\n")
        elif tag == "p" and self.seen:
            self.seen.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def words_of(html: str) -> str:
    return "".join(Words(html).seen)
