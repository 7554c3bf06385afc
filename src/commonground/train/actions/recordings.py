"""Recordings of real streams that an agency brings for a drill."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.apart import Unusable, apart
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, witness
from commonground.train import rules
from commonground.train.engine import recording as engine
from commonground.train.models import Recording

MOST_BYTES = 10 * 1024 * 1024  # as it is brought, packed or not
SECONDS, MEMORY = 60, 1 << 30
KEPT = timedelta(days=7)  # where no drill is made of it
WORK = "commonground.train.engine.recording:reduced"


def add_recording(name: str, raw: bytes, *, by: Member) -> Recording:
    """Keep a stream for one drill: what was said and when, and nothing of who said it.

    Lines that cannot be read are counted, each reason with the numbers of its first lines.
    """
    rules.may_bring_recordings(by)
    if len(raw) > MOST_BYTES:
        raise Refused(why_not(engine.TOO_LARGE))
    # The salt is nowhere but here: a voice cannot be told from a name once this has returned.
    told = {"salt": secrets.token_hex(32), "latest": timezone.now().timestamp()}
    given = json.dumps(told).encode() + b"\n" + raw
    try:
        read = json.loads(apart(WORK, given, seconds=SECONDS, memory=MEMORY))
    except Unusable as error:
        raise Refused(why_not(error.code)) from error
    return keep(name, read["posts"], read["skipped"], by)


@transaction.atomic
def keep(name: str, posts: list[list[object]], skipped: dict[str, object], by: Member) -> Recording:
    said = sum(bool(one[2]) for one in posts)
    made = Recording.objects.create(
        agency=by.agency, name=name.strip()[:80] or "-", posts=engine.packed(posts), count=said,
        minutes=float(str(posts[-1][0])) / 60, skipped=skipped, added_by=by,
        delete_at=timezone.now() + KEPT,
    )  # fmt: skip
    witness("add_recording", made, by=by, posts=said)
    return made


def why_not(code: str) -> str:
    named = {"most": engine.MOST_POSTS, "megabytes": MOST_BYTES >> 20}
    return {
        engine.TOO_MANY: _("It holds more than %(most)d posts. Cut out the hours that matter."),
        engine.TOO_LARGE: _("It is larger than %(megabytes)d MB. Cut out the hours that matter."),
        engine.NOTHING: _("No line of it is a post. Each line is one, as JSON."),
    }.get(code, _("It took too long to read, or broke on the way. Nothing of it was kept.")) % named


@transaction.atomic
def remove_recording(recording: Recording, *, by: Member) -> None:
    """It is gone at once, and nothing of it is kept."""
    rules.may_bring_recordings(by, recording)
    if recording.hearings.exists():
        raise MovedOn(_("A drill plays it. End the drill: then it is deleted."))
    witness("remove_recording", recording, by=by)
    recording.delete()


def forget_recordings() -> int:
    """Those of which no drill was made in time."""
    due = Recording.objects.filter(delete_at__lte=timezone.now(), hearings=None)
    for one in due.select_related("agency"):
        witness("remove_recording", one, by=THE_DESK)
    return due.delete()[0]
