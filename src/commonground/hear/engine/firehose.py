"""A frame of com.atproto.sync.subscribeRepos as the posts and deletions in it.

A frame is two CBOR values, a header and a body; the records of a commit come beside it as a CAR
file. https://atproto.com/specs/event-stream, https://atproto.com/specs/sync. We take the server's
word for what it sends: signatures of repositories are not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import libipld

from commonground.hear.engine.heard import Heard, Skipped
from commonground.hear.engine.reading import POSTS, Passed, clean, moment_of, said

LONGEST_FRAME = 5_000_000  # bytes, the protocol's own bound
MOST_OPERATIONS = 200  # of one commit, the protocol's own bound
GAP = Skipped("a gap: the source no longer had what was said meanwhile")
GONE = {"deleted", "takendown", "suspended"}

type Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What one frame held, and its number; or the server's complaint."""

    seq: int = 0
    items: tuple[Heard | Skipped, ...] = ()
    error: str = ""


def read_frame(raw: bytes) -> Frame:
    """One frame. Never raises, whatever the bytes are; times are seconds of UTC."""
    try:
        header, body = libipld.decode_dag_cbor_multi(raw)
    except (ValueError, TypeError, RecursionError):
        return Frame(items=(Skipped("not a frame"),))
    if not isinstance(header, dict) or not isinstance(body, dict):
        return Frame(items=(Skipped("not a frame"),))
    if header.get("op") == -1:
        return Frame(error=text_of(body.get("error")) or "an error without a name")
    seq = body.get("seq")
    number = seq if isinstance(seq, int) and seq > 0 else 0
    return Frame(number, items_of(header.get("t"), body))


def items_of(kind: object, body: Body) -> tuple[Heard | Skipped, ...]:
    if kind == "#commit":
        return of_commit(body)
    if kind == "#info" and body.get("name") == "OutdatedCursor":
        return (GAP,)
    return (of_account(body),) if kind == "#account" else ()


def of_account(body: Body) -> Heard | Skipped:
    if body.get("active") is not False or body.get("status") not in GONE:
        return Skipped("not a post")
    return Heard("", when(body) or 0.0, author=text_of(body.get("did")), deleted=True)


def of_commit(body: Body) -> tuple[Heard | Skipped, ...]:
    operations = body.get("ops")
    if not isinstance(operations, list) or len(operations) > MOST_OPERATIONS:
        return (Skipped("a field of the wrong kind"),)
    posts = [op for op in operations if isinstance(op, dict) and is_post(op)]
    if not posts:
        return ()
    if body.get("tooBig"):
        return (Skipped("a commit too large to carry its posts"),)
    blocks = blocks_of(body.get("blocks")) if any(op.get("cid") for op in posts) else {}
    return tuple(of_operation(op, body, blocks) for op in posts)


def is_post(operation: Body) -> bool:
    return text_of(operation.get("path")).startswith(f"{POSTS}/")


def blocks_of(car: object) -> Mapping[bytes, Any]:
    if not isinstance(car, bytes):
        return {}
    try:
        return libipld.decode_car(car)[1]
    except (ValueError, TypeError, RecursionError):
        return {}


def of_operation(operation: Body, body: Body, blocks: Mapping[bytes, Any]) -> Heard | Skipped:
    did, path = text_of(body.get("repo")), text_of(operation.get("path"))
    at = when(body)
    try:
        if not did or at is None:
            raise Passed("a field of the wrong kind")
        if operation.get("action") == "delete":
            return Heard(f"at://{did}/{path}", at, author=did, deleted=True)
        cid = operation.get("cid")
        record = blocks.get(cid) if isinstance(cid, bytes) else None
        if not isinstance(record, dict):
            raise Passed("no text")
        url = f"https://bsky.app/profile/{did}/post/{path.partition('/')[2]}"
        text = text_of(record.get("text"))
        return said(f"at://{did}/{path}", at, text, language(record), did, url)
    except Passed as reason:
        return Skipped(str(reason))


def language(record: Body) -> str:
    told = record.get("langs")
    return text_of(told[0]) if isinstance(told, list) and told else ""


def when(body: Body) -> float | None:
    """The time of the frame, not of the record: a record may say whatever it likes."""
    try:
        return moment_of(text_of(body.get("time")))
    except Passed:
        return None


def text_of(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
