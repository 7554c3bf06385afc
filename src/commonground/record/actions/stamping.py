"""Asks a time-stamping authority to say when it saw a checkpoint. Its trouble stops nothing."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from commonground.kit.outbound import Unreachable, post
from commonground.record.engine.stamping import (
    NoStamp,
    Stamped,
    is_due,
    must_be_now,
    question,
    read,
)
from commonground.record.models import Checkpoint, Stamp, Stamping
from commonground.record.queries.log import last_checkpoint
from commonground.record.queries.stamps import is_public_since, last_stamp, roots, text_of

log = logging.getLogger(__name__)
QUERY = {"Content-Type": "application/timestamp-query"}
ANSWER = "application/timestamp-reply"


def stamp_when_due(now: datetime | None = None) -> Stamp | None:
    """A stamp over the newest checkpoint, if one is due and is given."""
    now, shown = now or timezone.now(), last_checkpoint()
    if not settings.ENV.stamp_url or shown is None:
        return None
    last = last_stamp(shown.epoch)
    if last and last.checkpoint_id == shown.pk:
        return None
    row = Stamping.objects.get_or_create(pk=1)[0]
    due = is_due(
        now, stamped_at=last.at if last else None, tried_at=row.tried_at if row.trouble else None,
        public_since=is_public_since(last.checkpoint.size if last else 0),
    )  # fmt: skip
    return stamp(shown, now) if due else None


def stamp(shown: Checkpoint, now: datetime) -> Stamp | None:
    """Ask once. What goes wrong is told on the desk, and asked again later."""
    try:
        given = asked(text_of(shown), now)
    except (NoStamp, Unreachable) as why:
        log.warning("no stamp of time from %s: %s", settings.ENV.stamp_url, why)
        note(now, str(why) or "no answer")
        return None
    note(now, "")
    told = {"at": given.at, "answer": given.answer}
    return Stamp.objects.get_or_create(
        checkpoint=shown, authority=settings.ENV.stamp_url[:300], defaults=told
    )[0]


def asked(text: bytes, now: datetime) -> Stamped:
    """Its stamp, checked before it is believed. Raises NoStamp, Unreachable."""
    request = question(text)
    answer = post(settings.ENV.stamp_url, request.as_bytes(), headers=QUERY)
    type_ = answer.headers.get("content-type", "").split(";")[0].strip()
    if answer.status != 200 or type_ != ANSWER:
        raise NoStamp(f"the authority answered {answer.status}, and no stamp")
    given = read(answer.body, text, roots(), request)
    must_be_now(given, now)
    return given


def note(now: datetime, trouble: str) -> None:
    row = Stamping.objects.get_or_create(pk=1)[0]
    row.since = (row.since or now) if trouble else None
    row.tried_at, row.trouble = now, trouble[:300]
    row.save()
