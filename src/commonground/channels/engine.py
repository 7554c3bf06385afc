"""Counts words as networks count them, and names posts so that names sort by time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import regex

# A link ends where a reader would end it: not with the full stop of its sentence.
LINK = regex.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}»”’]")
HASHTAG = regex.compile(r"(?<![\w/&#])#\w*\p{L}\w*")
FROM_ELSEWHERE = regex.compile(r"(?<![\w@])(@\w[\w.-]*)@[\w-]+(?:\.[\w-]+)*(?::\d+)?")
GRAPHEME = regex.compile(r"\X")
EMOJI = regex.compile(
    r"[0-9#*]\uFE0F?\u20E3|\p{RI}\p{RI}"
    r"|.*\p{Emoji_Presentation}.*|.*\p{Extended_Pictographic}\uFE0F.*"
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"  # in the order of their ASCII codes
A_DAY = 86_400.0
AT_LEAST, AT_MOST = timedelta(seconds=5), timedelta(hours=1)
NAME = regex.compile(r"[2-7a-j][2-7a-z]{12}")
SALT_BITS = 10


def hashtags(text: str) -> int:
    """How many words of it can be pressed as a topic."""
    return sum(1 for _ in HASHTAG.finditer(text))


def links(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each web address starts and ends, in characters, and the address."""
    for found in LINK.finditer(text):
        yield found.start(), found.end(), found.group()


def graphemes(text: str) -> int:
    """What a reader counts as one character is one: a flag, a family, an accented letter."""
    return sum(1 for _ in GRAPHEME.finditer(text))


def is_emoji(grapheme: str) -> bool:
    """Whether a reader sees a small picture, however many signs it is made of."""
    return EMOJI.fullmatch(grapheme) is not None


def length(text: str, link_counts: int | None = None) -> int:
    """How long a network thinks the text is, where every link may count as so many."""
    if link_counts is None:
        return graphemes(text)
    bare: str
    found: int
    bare, found = LINK.subn("", text)
    return graphemes(bare) + found * link_counts


# What XML has no way to write, not even as a reference: no feed and no document can hold it.
UNWRITABLE = regex.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_sendable(text: str) -> bool:
    """Half a letter cannot be written down, no database keeps a NUL, and no feed a control sign."""
    return not UNWRITABLE.search(text)


def writable(text: str) -> str:
    """Without what no feed could hold: signs that come along with pasted words and show nothing."""
    bare: str = UNWRITABLE.sub("", text)
    return bare


# Signs that show nothing and yet make words what they are: the joiners of families of emoji and of
# half the world's letters, and the letters of which some flags are made.
JOINING = regex.compile("[\u200c\u200d\U000e0020-\U000e007f]")
UNSEEN = regex.compile(r"\p{Cf}")


def one_line(words: str) -> str:
    """The words in one line, for a subject or a title: no line of theirs becomes one of its own.

    Signs that show nothing are dropped, and leave no gap, unless a word needs them.
    """
    kept = (c if JOINING.match(c) or not UNSEEN.match(c) else "" for c in words)
    seen = "".join(c if c.isprintable() or JOINING.match(c) else " " for c in kept)
    return " ".join(seen.split())


def cut(words: str, most: int) -> str:
    """At most so many code points, and never half of what a reader sees as one letter."""
    if len(words) <= most:
        return words
    kept = ""
    for grapheme in GRAPHEME.findall(words[: most * 2]):
        if len(kept) + len(grapheme) >= most:
            break
        kept += grapheme
    return kept.rstrip() + "…"


def name_for(at: datetime, salt: int) -> str:
    """Thirteen letters that sort by time, to the second. `salt` is any number below 2**30.

    This is atproto's timestamp identifier (53 bits of microseconds, 10 bits of salt), which
    happens to suit an address as well. Two channels of one post are approved in the same
    instant, and ten bits would often clash: the rest of the salt moves the microseconds,
    backwards, because a name from the future is refused by some.
    """
    microseconds = (at - EPOCH) // timedelta(microseconds=1) - (salt >> SALT_BITS)
    number = (microseconds << SALT_BITS) | (salt % (1 << SALT_BITS))
    return "".join(DIGITS[(number >> shift) & 31] for shift in range(60, -1, -5))


def is_name(text: str) -> bool:
    return NAME.fullmatch(text) is not None


def again_at(now: datetime, *asked: str | None) -> datetime | None:
    """When a busy network wants to be asked again: the first header that says so.

    Seconds, a date of the web, an ISO date, or seconds since 1970. Whatever it says, at
    least five seconds from now, lest we hammer, and at most an hour, lest we fall silent.
    """
    for words in asked:
        if words and (moment := moment_in(words.split(",")[0].strip(), words.strip(), now=now)):
            return min(max(moment, now + AT_LEAST), now + AT_MOST)
    return None


def moment_in(*readings: str, now: datetime) -> datetime | None:
    for words in readings:
        for read in (as_seconds, as_web_date, as_iso_date):
            try:
                return read(words, now)
            except (ValueError, OverflowError, TypeError):
                continue
    return None


def as_seconds(words: str, now: datetime) -> datetime:
    seconds = float(words)
    if abs(seconds - now.timestamp()) < A_DAY:  # so they are counted from 1970
        return EPOCH + timedelta(seconds=seconds)
    return now + timedelta(seconds=min(max(seconds, -A_DAY), A_DAY))


def as_web_date(words: str, now: datetime) -> datetime:
    return aware(parsedate_to_datetime(words))


def as_iso_date(words: str, now: datetime) -> datetime:
    return aware(datetime.fromisoformat(words))


def aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def same_words(one: str, other: str) -> bool:
    """Networks trim the ends, merge blank lines, compose letters, write http:// before a link
    that had none, and show the first half of whoever is mentioned from elsewhere; the words are
    the same all the same."""
    return flat(one) == flat(other)


def flat(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).replace("http://", "")
    plain = FROM_ELSEWHERE.sub(r"\1", plain)
    lines = [line.strip() for line in plain.strip().splitlines()]
    return "\n".join(line for line in lines if line)
