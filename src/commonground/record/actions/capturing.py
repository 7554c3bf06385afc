"""Keeps what the public really saw, and says where it could not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from commonground.kit.envelope import locked, unlocked
from commonground.record.actions.writing import THE_DESK, append, drafted
from commonground.record.engine.capturing import Answer, Medium, opens_an_account, without_secrets
from commonground.record.models import (
    Blind,
    Capture,
    CapturedMedium,
    Entry,
    Showing,
    ShownWith,
    name_of,
)  # fmt: skip
from commonground.record.queries.captures import VERB, data_key_of, place_of

FIRST_TRY, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


def show(
    subject: object, *, agency: object, channel: str, url: str, at: datetime, as_of: str = ""
) -> Showing:
    """The public can see it from now on; until it is captured, that is a gap."""
    told = {"agency": str(agency), "channel": channel[:120], "url": url[:400], "since": at}
    told |= {"as_of": as_of, "next_at": at + FIRST_TRY}
    return Showing.objects.get_or_create(subject=name_of(subject), defaults=told)[0]


@transaction.atomic
def capture(
    subject: object, what: str, answer: Answer, media: Sequence[Medium] = (), *,
    channel: str, agency: object = None, as_of: str = "",
) -> Entry:  # fmt: skip
    """Keep what was seen, sealed, and its digests in the log. `what`: published, changed, gone."""
    if opens_an_account(answer):
        raise ValueError("an answer that opens an account is no capture")
    listed = {hashlib.sha256(m.content).hexdigest(): m for m in media}
    detail = {
        "what": what, "channel": channel, "address": without_secrets(answer.address),
        "status": answer.status, "media_type": answer.type[:80], "bytes": len(answer.body),
        "part": "of a longer answer" if answer.part else "",
        "digest": hashlib.sha256(answer.body).hexdigest(),
        "media": [[digest, m.type, m.alt[:1500]] for digest, m in listed.items()],
    }  # fmt: skip
    draft = drafted(VERB, subject, by=THE_DESK, agency=agency, detail=detail)
    sealed = locked(answer.body, draft.key, place_of(draft.entry))
    entry = append(draft)
    held = Capture.objects.create(number=entry.number, sealed=sealed)
    for digest, medium in listed.items():  # behind the head, where two never hang the same at once
        hang(held, entry.agency, digest, medium.content, draft.key)
    note_captured(entry, what, as_of)
    return entry


def note_captured(entry: Entry, what: str, as_of: str) -> None:
    """The gap is closed. What was gone before we looked is a gap for ever.

    Behind the head, as whoever notes that something is gone: in one order nobody waits in a ring.
    """
    row = Showing.objects.filter(subject=entry.subject)
    row.update(as_of=as_of, next_at=None)
    if what == "gone":
        row.filter(gone_at=None).update(gone_at=entry.at)
    else:
        row.filter(captured=None).update(captured=entry.number, captured_at=entry.at, why="")


def hang(held: Capture, agency: str, digest: str, content: bytes, key: bytes) -> None:
    """Each medium once an agency. Its key is wrapped for each capture that shows it, so that it
    cannot be opened any more once the last of them was erased."""
    place = bytes.fromhex(digest)
    medium = CapturedMedium.objects.filter(agency=agency, digest=digest).first()
    if medium:
        own = key_of(medium, place)
    else:
        own = os.urandom(32)
        sealed = locked(content, own, place)
        medium = CapturedMedium.objects.create(agency=agency, digest=digest, sealed=sealed)
    ShownWith.objects.create(capture=held, medium=medium, wrapped=locked(own, key, place))


def key_of(medium: CapturedMedium, place: bytes) -> bytes:
    link = medium.shown.order_by("pk")[0]
    entry = Entry.objects.get(pk=link.capture_id)
    return unlocked(bytes(link.wrapped), data_key_of(entry), place)


def forget(numbers: Sequence[int]) -> None:
    """What these entries captured goes with them; a medium, with the last that showed it."""
    Capture.objects.filter(pk__in=numbers).delete()
    CapturedMedium.objects.filter(shown=None).delete()


def miss(subject: object, why: str, *, again: bool = True) -> None:
    """We could not capture it, and why; the desk tries again unless nothing is left to look at."""
    row = Showing.objects.missing().filter(subject=name_of(subject)).first()
    if row:
        pause = min(FIRST_TRY * 2 ** min(row.tries, 10), LONGEST_PAUSE)
        row.why, row.tries = why[:300], row.tries + 1
        row.next_at = timezone.now() + pause if again else None
        row.save(update_fields=["why", "tries", "next_at"])


def note_gone(subject: object, at: datetime) -> None:
    """The public does not see it any more, and we can look no more."""
    Showing.objects.filter(subject=name_of(subject), gone_at=None).update(gone_at=at, next_at=None)


def note_sight(agency: object, channel: str, trouble: str, at: datetime) -> None:
    """Whether the desk could look at an account just now; since when it cannot."""
    blind = Blind.objects.filter(agency=str(agency), channel=channel[:120], until=None)
    if not trouble:
        blind.update(until=at)
    elif not blind.update(why=trouble[:300]):
        told = {"since": at, "why": trouble[:300]}
        Blind.objects.get_or_create(
            agency=str(agency), channel=channel[:120], until=None, defaults=told
        )
