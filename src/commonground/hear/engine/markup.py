"""Markup to plain words: the only thing we ever keep of it."""

from __future__ import annotations

from html.parser import HTMLParser

NEW_LINE = {"br", "p", "div", "li"}
UNSEEN = {"script", "style", "template"}
LONGEST_MARKUP = 50_000  # characters; the words of any post lie well within


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in UNSEEN
        if tag in NEW_LINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def plain(markup: str) -> str:
    """The words a reader would see, on one line."""
    if "<" not in markup and "&" not in markup:
        return markup
    parser = Words()
    parser.feed(markup[:LONGEST_MARKUP])
    parser.close()
    return " ".join("".join(parser.parts).split())
