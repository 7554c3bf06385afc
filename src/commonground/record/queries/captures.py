"""What was captured, opened again; and what was not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from commonground.kit.envelope import SealBroken, unlocked, unwrapped
from commonground.record.models import Blind, Capture, DataKey, Entry, Showing

VERB = "capture"
IN_TIME = timedelta(seconds=60)  # what we promise between seen in public and captured
SHOWN = 200  # lines of a report on a page; an export has all
LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Captured:
    """`media`: digest, type and words of each, and the bytes; None where they are not here."""

    number: int
    body: bytes
    media: Sequence[tuple[str, str, str, bytes | None]]


def data_key_of(entry: Entry) -> bytes:
    """The key of one entry's secrets, as kept now. Raises SealBroken, DataKey.DoesNotExist."""
    return opened_key(DataKey.objects.get(pk=entry.number), entry)


def data_key_in(entry: Entry) -> bytes:
    """The same, as it came with the entry."""
    return opened_key(entry.data_key, entry)


def opened_key(kept: DataKey, entry: Entry) -> bytes:
    return unwrapped(bytes(kept.wrapped), bytes.fromhex(entry.digest))


def place_of(entry: Entry) -> bytes:
    return bytes.fromhex(entry.digest) + b"capture"


def captured(entry: Entry) -> Captured | None:
    """What this entry captured; None if it was erased, or nothing. Raises SealBroken."""
    held = Capture.objects.filter(pk=entry.number).first()
    if held is None or entry.is_erased:
        return None
    key = data_key_of(entry)
    body = unlocked(bytes(held.sealed), key, place_of(entry))
    links = {link.medium.digest: link for link in held.media.select_related("medium")}
    media = []
    for digest, type_, alt in entry.facts.get("detail.media", []):
        link, content = links.get(digest), None
        if link:
            place = bytes.fromhex(digest)
            own = unlocked(bytes(link.wrapped), key, place)
            content = unlocked(bytes(link.medium.sealed), own, place)
        media.append((digest, type_, alt, content))
    return Captured(entry.number, body, media)


def what_is_wrong_with(entry: Entry) -> str:
    """ "" if what the entry captured is here, and has the digests that stand in its leaf."""
    try:
        found = captured(entry)
    except (SealBroken, DataKey.DoesNotExist):
        return "captured something that does not open any more"
    if found is None:
        return "has lost what it captured"
    if hashlib.sha256(found.body).hexdigest() != entry.facts.get("detail.digest"):
        return "captured something else than is here"
    for digest, _, _, content in found.media:
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            return "has lost a picture or video that it captured"
    return ""


@dataclass(frozen=True)
class Gaps:
    """What was public and is not held, and when we could not look."""

    shown: int
    captured: int
    in_time: int
    missing: Sequence[Showing]
    blind: Sequence[Blind]


def gaps_of(agency_id: object, now: datetime, most: int | None = SHOWN) -> Gaps:
    ours = Showing.objects.of(agency_id)
    blind = Blind.objects.filter(agency=str(agency_id)).order_by("until", "-since")
    lately = Q(until=None) | Q(until__gte=now - LOOK_BACK)
    return Gaps(
        ours.count(), ours.exclude(captured=None).count(),
        ours.filter(captured_at__lte=F("since") + IN_TIME).count(),
        list(ours.missing()[:most]), list((blind.filter(lately) if most else blind)[:most]),
    )  # fmt: skip


def gaps_as_told(agency_id: object, now: datetime) -> dict[str, Any]:
    """The whole report, for an export."""
    found = gaps_of(agency_id, now, None)
    return {
        "at": now.isoformat(timespec="seconds"),
        "shown": found.shown, "captured": found.captured, "captured_within_60_s": found.in_time,
        "not_captured": [
            {"what": s.subject, "channel": s.channel, "url": s.url, "why": s.why,
             "since": s.since.isoformat(timespec="seconds"),
             "until": s.gone_at.isoformat(timespec="seconds") if s.gone_at else ""}
            for s in found.missing
        ],
        "could_not_look": [
            {"channel": b.channel, "why": b.why, "since": b.since.isoformat(timespec="seconds"),
             "until": b.until.isoformat(timespec="seconds") if b.until else ""}
            for b in found.blind
        ],
        "never_captured": NEVER,
    }  # fmt: skip


# What is captured on no day. Said in the report and in each export.
NEVER = [
    "How many people saw, liked or shared a post.",
    "Changes to the name, the picture or the text of our profiles.",
    "Letters and notices in people's own boxes: what was handed over is held, not what arrived.",
]
