"""The words of an article, out of the page that an outlet made around them.

A stranger wrote the page, so it is read in a process of its own (kit/apart); what comes back is
plain text, a paragraph a line.
"""

from __future__ import annotations

import json

from commonground.kit.apart import Unusable
from commonground.learn.engine.article import LONGEST
from commonground.say.engine import heads
from commonground.say.engine.heads import head_of, text_of

WORK = f"{__name__}:read"
NO_WORDS = "no words"
MOST_CHARACTERS = 3_000_000  # of a page
LONGEST_HEADLINE = 300
SAMPLE = "<html><head><title>a</title></head><body><article>{}</article></body></html>"


def words_in(page: str) -> str:
    """What a reader came for: no menus, no comments of readers, no advice on what else to read."""
    import trafilatura  # half a second of every start, and only the process apart needs it

    found = trafilatura.extract(
        page[:MOST_CHARACTERS], output_format="txt", include_comments=False, include_tables=False,
        include_images=False, include_links=False, with_metadata=False,
    )  # fmt: skip
    return tidy(found or "")


def without_headline(text: str, *titles: str) -> str:
    """Many pages repeat their headline above the words; the first paragraph is the lead."""
    first, _, rest = text.partition("\n")
    said = first.strip().casefold()
    if rest and any(said and title.casefold().startswith(said) for title in titles):
        return rest
    return text


def tidy(text: str) -> str:
    """A paragraph a line, and no sign that shows nothing or cannot be kept."""
    lines = (" ".join(line.split()) for line in text.replace("\0", " ").splitlines())
    whole = "\n".join(line for line in lines if line)
    return whole.encode("utf-8", "replace").decode()[:LONGEST]


def make_ready() -> None:
    """Load what reading needs, its lists of words too, while files may still be opened."""
    heads.make_ready()
    words_in(SAMPLE.format("<p>a</p>"))  # too little: every way of finding more is tried
    words_in(SAMPLE.format("<p>Some words that are long enough to be an article.</p>" * 20))
    words_in("<html><body><div>" + "<p>No article, but words.</p>" * 9 + "</div></body></html>")


def read(given: bytes) -> bytes:
    """The work of the process apart: a line of what is known of the page, then the page."""
    facts, _, body = given.partition(b"\n")
    told = json.loads(facts)
    page = text_of(body, told["charset"])
    words = words_in(page)
    if not words:
        raise Unusable(NO_WORDS)
    head = head_of(page, told["address"])
    words = without_headline(words, head.title)
    return json.dumps([head.title[:LONGEST_HEADLINE], words]).encode()


def answered(said: bytes) -> tuple[str, str]:
    """The page's own title, and its words."""
    title, words = json.loads(said)
    return title, words


asked = heads.asked
