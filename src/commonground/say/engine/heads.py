"""Reads what a page says of itself: its title, what it is about, and its picture.

A stranger wrote the page, so it is read in a process of its own (kit/apart), only up to where its
head ends, and all that comes back is plain text and one address.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from commonground.channels.engine import cut, one_line, writable

WORK = f"{__name__}:read"
MOST_CHARACTERS = 400_000  # of a page: some carry long scripts before what they say of themselves
MOST_WORDS = 5_000  # of one title, before it is cut: nobody's title is longer
LONGEST_TITLE, LONGEST_ABOUT = 200, 300
LONGEST_ADDRESS = 2_000
# Ways of writing letters that pages use. Not among them: those in which a harmless row of bytes
# means a tag (UTF-7), and those nobody uses.
CHARSETS = (
    "utf-8", "cp1252", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "cp1250",
    "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8-r", "koi8-u", "shift_jis",
    "euc_jp", "iso2022_jp", "gb18030", "gbk", "big5", "euc_kr", "utf-16", "utf-16-le", "utf-16-be",
)  # fmt: skip
AS_ON_THE_WEB = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}
DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
TAG = re.compile(r"<(?:/?[a-zA-Z]|!)[^>]*>?")
# In the order in which they are believed.
TITLES = ("og:title", "twitter:title", "title")
ABOUTS = ("og:description", "twitter:description", "description")
PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image")


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself, as plain text, and the address of its picture."""

    title: str = ""
    about: str = ""
    picture: str = ""


class Enough(Exception):
    """The head is over: what follows is for readers."""


class Reader(HTMLParser):
    """Notes the title and the named facts of a head, each the first time it is said."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.titled: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            raise Enough
        if tag == "title" and "title" not in self.said:
            self.titled = []
        if tag == "meta":
            told = {name: value or "" for name, value in reversed(attrs)}
            self.note(told.get("property") or told.get("name") or "", told.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self.titled is not None:
            self.note("title", "".join(self.titled))
            self.titled = None
        if tag == "head":
            raise Enough

    def handle_data(self, data: str) -> None:
        if self.titled is not None and len(self.titled) < MOST_WORDS:
            self.titled.append(data[:MOST_WORDS])

    def note(self, name: str, value: str) -> None:
        if value.strip():
            self.said.setdefault(name.strip().lower()[:40], value[:MOST_WORDS])


def head_of(page: str, address: str) -> Head:
    """What the page at this address says of itself. Whatever it says, the answer is a Head."""
    reader = Reader()
    try:
        reader.feed(page[:MOST_CHARACTERS])
        reader.close()
    except (Enough, AssertionError, ValueError):  # the parser asserts where a page is odd
        pass
    said = reader.said
    return Head(
        plain(first_of(said, TITLES), LONGEST_TITLE),
        plain(first_of(said, ABOUTS), LONGEST_ABOUT),
        picture_at(first_of(said, PICTURES), address),
    )


def first_of(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if name in said), "")


def plain(words: str, longest: int) -> str:
    """One line of text: no tag, no sign that shows nothing or turns the line around."""
    line = one_line(writable(words))  # first: a sign that shows nothing may part a tag
    while (bare := one_line(TAG.sub(" ", line))) != line:
        line = bare
    return cut(line, longest)


def picture_at(place: str, address: str) -> str:
    """Where the picture lies, if that is a place on the web: never a script, never the page's
    own bytes."""
    try:
        whole = urljoin(address, place.strip())
        known, said = urlsplit(whole), urlsplit(place.strip())
    except ValueError:
        return ""
    if said.scheme and not said.netloc:  # https:///x is this host for one reader, x for another
        return ""
    good = place and known.scheme in ("https", "http") and known.hostname
    return whole if good and len(whole) <= LONGEST_ADDRESS else ""


def text_of(body: bytes, told: str) -> str:
    """Its letters: as its own first bytes say, else as its server, else as the page declares."""
    for mark, charset in MARKS.items():
        if body.startswith(mark):
            return body.decode(charset, "replace").lstrip("\ufeff")
    declared = DECLARED.search(body[:2048])
    named = known(told) or (known(declared[1].decode("ascii")) if declared else "")
    return body.decode(named or "utf-8", "replace")


def known(label: str) -> str:
    try:
        name = codecs.lookup(label).name if label else ""
    except (LookupError, ValueError, OSError):  # it would have to open a file to know it
        return ""
    name = AS_ON_THE_WEB.get(name, name)
    return name if name in CHARSETS else ""


def make_ready() -> None:
    """Load every way of writing letters while files may still be opened."""
    for name in (*CHARSETS, *AS_ON_THE_WEB):
        codecs.lookup(name)  # decoding nothing would load nothing
    head_of("<meta property=og:title content=&eacute;><title>x</title>", "https://a.example/")


def read(given: bytes) -> bytes:
    """The work of the process apart: a line of what is known of the page, then the page."""
    facts, _, body = given.partition(b"\n")
    told = json.loads(facts)
    head = head_of(text_of(body, told["charset"]), told["address"])
    return json.dumps([head.title, head.about, head.picture]).encode()


def asked(body: bytes, *, charset: str, address: str) -> bytes:
    return json.dumps({"charset": charset, "address": address}).encode() + b"\n" + body


def answered(said: bytes) -> Head:
    title, about, picture = json.loads(said)
    return Head(plain(title, LONGEST_TITLE), plain(about, LONGEST_ABOUT), picture)
