"""Reads a letter as strangers write them: whatever is in it, nothing here fails, and nothing of it
is believed but what somebody says and where they wish to be answered."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message as Mail
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.validators import validate_email
from django.utils.html import strip_tags

MOST = 2_000_000  # bytes that are read; what people say stands before what they enclose
PARTS, REFERENCES, LONGEST, LONGEST_MARKED_UP = 60, 40, 10_000, 200_000
ID = re.compile(r"<([^<>\s]{3,250})>")
BREAK = re.compile(r"<br ?/?>|</p>|</li>|</div>|</tr>", re.IGNORECASE)
UNSEEN = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
# Letters that turn or hide what stands beside them.
TRICKS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
MACHINES = {"bulk", "junk", "list", "auto_reply"}
ODD = (RecursionError, ValueError, LookupError, AttributeError, TypeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one letter says, and where its writer wishes to be answered."""

    id: str  # as its header says it, without brackets; "" where it says none
    address: str
    name: str
    subject: str
    text: str
    references: tuple[str, ...]  # what it answers, the nearest first
    at: datetime | None
    enclosed: int  # pictures and files, which are not taken in


def parsed(raw: bytes) -> Mail | None:
    """None where it is no letter that anything could read."""
    try:
        return email.message_from_bytes(raw[:MOST], policy=email.policy.compat32)
    except ODD:
        return None


def read(mail: Mail) -> Letter | None:
    """None where nobody can be answered, or nothing is said."""
    try:
        name, address = writer_of(mail)
        said, enclosed = words_of(mail)
        letter = Letter(
            id=next(iter(ids_in(mail, "Message-ID")), ""), address=address, name=name[:80],
            subject=header(mail, "Subject")[:200], text=own_words(said),
            references=(*ids_in(mail, "In-Reply-To")[:1], *reversed(ids_in(mail, "References"))),
            at=when(mail), enclosed=enclosed,
        )  # fmt: skip
    except ODD:
        return None
    return letter if address and (letter.text or letter.subject) else None


def written_by_a_machine(mail: Mail) -> bool:
    """An absence note, a newsletter, a report: nobody waits for an answer, and whoever answers
    one may never stop (RFC 3834)."""
    try:
        says = {name: header(mail, name).casefold() for name in ("Auto-Submitted", "Precedence")}
        return (
            says["Auto-Submitted"].partition(";")[0].strip() not in ("", "no")
            or says["Precedence"].strip() in MACHINES
            or any(name in mail for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
            or header(mail, "Return-Path").strip() == "<>"
            or mail.get_content_type() == "multipart/report"
        )
    except ODD:
        return False


def writer_of(mail: Mail) -> tuple[str, str]:
    """Where they wish to be answered: shown as who they are, so that nobody answers unseen."""
    for field in ("Reply-To", "From"):
        found = getaddresses([str(value) for value in mail.get_all(field, [])[:2]])
        if len(found) == 1 and (address := valid(found[0][1])):
            return one_line(decoded(found[0][0])), address
    return "", ""


def valid(address: str) -> str:
    """In one spelling; "" where mail cannot be sent to it."""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address.casefold() if address.isascii() and len(address) <= 254 else ""


def header(mail: Mail, name: str) -> str:
    return one_line(decoded(str(mail.get(name, ""))[:2000]))


def decoded(raw: str) -> str:
    """What encoded words say. A set of signs nobody knows is read as well as may be."""
    try:
        pieces = decode_header(raw)
    except ODD:
        return raw
    return "".join(p if isinstance(p, str) else in_signs(p, c or "utf-8") for p, c in pieces)


def in_signs(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def one_line(words: str) -> str:
    return " ".join(seen(words).split())


def seen(words: str) -> str:
    """Without signs that cannot be stored, hide others, or turn the line round."""
    whole = TRICKS.sub("", words).encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() or c == "\n" else " " for c in whole)


def ids_in(mail: Mail, name: str) -> list[str]:
    return ID.findall(" ".join(str(v)[:20_000] for v in mail.get_all(name, [])[:2]))[-REFERENCES:]


def when(mail: Mail) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(mail.get("Date", ""))[:100])
    except ODD:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def words_of(mail: Mail) -> tuple[str, int]:
    """What it says in plain words, else what its page says; and how much was enclosed."""
    plain, page, enclosed = "", "", 0
    for part in parts_of(mail):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            enclosed += 1
        elif kind == "text/plain":
            plain = plain or body_of(part)
        elif kind == "text/html":
            page = page or body_of(part)
    return plain if plain.strip() else in_plain(page), enclosed


def parts_of(mail: Mail) -> Iterator[Mail]:
    """The leaves, in their order; of a letter of a thousand the first few."""
    waiting = [mail]
    for _ in range(PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        if isinstance(part.get_payload(), list):
            waiting[:0] = inside(part)
        else:
            yield part


def inside(mail: Mail) -> list[Mail]:
    parts = mail.get_payload()
    found = parts[:PARTS] if isinstance(parts, list) else []
    return [part for part in found if isinstance(part, Mail)]


def body_of(part: Mail) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    return in_signs(raw[:LONGEST_MARKED_UP], part.get_content_charset() or "utf-8")


def in_plain(page: str) -> str:
    try:
        return unescape(strip_tags(BREAK.sub("\n", UNSEEN.sub("", page))))
    except SuspiciousOperation:  # more unclosed tags than any honest page has
        return ""


def own_words(said: str) -> str:
    """Without the older letters that mail programs put beneath: the thread shows those."""
    lines = seen(said.replace("\r\n", "\n")).strip().split("\n")
    last = len(lines)
    while last and (not lines[last - 1].strip() or lines[last - 1].startswith(">")):
        last -= 1
    quoted = any(line.startswith(">") for line in lines[last:])
    if quoted and last > 1 and lines[last - 1].rstrip().endswith(":"):
        last -= 1  # "Ana wrote:"
    kept = "\n".join(lines[:last] if last else lines).strip()
    return re.sub(r"\n{3,}", "\n\n", kept)[:LONGEST]
