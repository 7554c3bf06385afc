"""A round of the pulse: prepared, opened by a second person, answered, closed, counted, forgotten.

An answer writes nothing to the record: an entry has a time, and who was seen with a letter at that
time would be known. The record holds how many codes were printed, and the digest of what all
answers came to.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.ask.engine.marks import code_of, mark, network_of, plain_code
from commonground.kit.arrivals import Door, this_hour, today
from commonground.kit.refusals import Refused
from commonground.learn import queries, rules
from commonground.learn.engine.pulse import SCORES, Round, open_to_anyone, told
from commonground.learn.models import (
    Census,
    Kind,
    Pulse,
    PulseArrival,
    PulseCode,
    PulseDayKey,
    Reply,
)
from commonground.record.actions import THE_DESK, advance, witness

OPEN_ANSWERS = 20  # from one /24 or /64 within an hour: a family, a café
DOOR = Door(PulseArrival, PulseDayKey)


class Crowded(Refused):
    """Too much of it from one place within one hour."""

    status = 429


@transaction.atomic
def bring_census(*, source: str, traits: list[dict[str, Any]], sha256: str, by: Member) -> Census:
    """Keep how the place is made up. Rounds asked from now on are weighed by it; those before
    keep theirs."""
    rules.may_survey(by)
    census = Census.objects.create(
        agency=by.agency, source=source, traits=traits, sha256=sha256, brought_by=by
    )
    witness("bring_census", census, by=by, sha256=sha256, traits=[t["name"] for t in traits])
    return census


@transaction.atomic
def draft_pulse(
    census: Census, *, word: str, languages: Sequence[str], words: dict[str, list[str]],
    kinds: Sequence[str], closes_at: datetime, by: Member,
) -> Pulse:  # fmt: skip
    """Prepare a round. Nobody is asked before a second person opens it."""
    rules.may_draft_pulse(census, by, kinds=kinds)
    pulse = Pulse.objects.create(
        agency=by.agency, census=census, word=word, languages=list(languages), words=words,
        kinds=list(kinds), closes_at=closes_at, asked_by=by,
    )  # fmt: skip
    witness("draft", pulse, by=by, word=word, census=census.sha256)
    return pulse


@transaction.atomic
def open_pulse(pulse: Pulse, *, read: str, by: Member) -> Pulse:
    """Let the public answer, until the closing time."""
    digest = queries.digest_of_pulse(pulse)
    # Of two who open two rounds at once, the second sees the first.
    type(pulse.agency).objects.select_for_update().get(pk=pulse.agency_id)
    rules.may_open(pulse, by, read=read, digest=digest)
    return advance(pulse, "open", by=by, opened_at=timezone.now(), told={"digest": digest})


@transaction.atomic
def drop_pulse(pulse: Pulse, *, by: Member) -> Pulse:
    """Put a draft away unasked. Codes that were printed for it open nothing."""
    rules.may_put_away(pulse, by)
    return advance(pulse, "drop", by=by)


@transaction.atomic
def take_up_pulse(pulse: Pulse, *, by: Member) -> Pulse:
    """The draft is wanted after all, and so are its codes."""
    rules.may_put_away(pulse, by)
    return advance(pulse, "take_up", by=by)


@transaction.atomic
def close_pulse(pulse: Pulse, *, by: Member) -> Pulse:
    """End the asking before its time. It cannot be opened again."""
    rules.may_decide_of(pulse, by)
    return advance(pulse, "close", by=by, closed_at=timezone.now())


@transaction.atomic
def end_pulse(pulse: Pulse) -> Pulse:
    """Its closing time has come. Only the clock says this."""
    return advance(pulse, "end", by=THE_DESK, closed_at=timezone.now())


@transaction.atomic
def make_pulse_codes(pulse: Pulse, *, many: int, by: Member) -> list[str]:
    """So many codes to print, shown this once. The desk keeps only what recognises them."""
    rules.may_make_pulse_codes(pulse, many, by)
    codes = [code_of(secrets.token_bytes(16)) for _ in range(many)]
    marks = sorted(marked(pulse, code) for code in codes)
    PulseCode.objects.bulk_create(PulseCode(pulse=pulse, mark=m) for m in marks)
    Pulse.objects.filter(pk=pulse.pk).update(invited=F("invited") + many)
    witness("make_codes", pulse, by=by, many=many)
    return codes


def marked(pulse: Pulse, code: str) -> str:
    return mark(pulse.secret, "code", plain_code(code))


@transaction.atomic
def answer_pulse(
    pulse: Pulse, *, code: str, scores: Sequence[int | None], traits: Sequence[int], address: str
) -> None:
    """Count what somebody answered. With a code: once, and the code is gone with it. Nothing is
    kept that says which code it was, when it came, or from where."""
    pulse = Pulse.objects.select_for_update(of=("self",)).select_related("census").get(pk=pulse.pk)
    kind = Kind.CODE if code.strip() else Kind.OPEN
    rules.must_take(pulse, kind, scores, traits)
    if kind == Kind.CODE:
        use_up(pulse, code)
    else:
        must_be_room(pulse, address)
    said: Any = {"scores": list(scores), "traits": list(traits)}
    Reply.objects.create(pulse=pulse, kind=kind, said=said)


def use_up(pulse: Pulse, code: str) -> None:
    plain = plain_code(code)
    used = PulseCode.objects.filter(pulse=pulse, mark=marked(pulse, code)) if plain else None
    if used is None or not used.delete()[0]:
        raise Refused(
            _("We do not know this code, or it was used already. Look again at the paper.")
        )


def must_be_room(pulse: Pulse, address: str) -> None:
    tag = DOOR.mark("network", network_of(address), today())
    if not DOOR.one_more("open", tag, OPEN_ANSWERS, this_hour(), pulse=pulse):
        raise Crowded(
            _("Too many answers came from where you are within one hour. Try again later.")
        )


@transaction.atomic
def count_pulse(pulse: Pulse) -> Pulse:
    """What all answers come to: once, and its digest goes on the record. Only the clock does
    this."""
    figures = counted(pulse)
    digest = hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()
    pulse = advance(
        pulse, "count", by=THE_DESK, figures=figures, sha256=digest, counted_at=timezone.now(),
        told={"sha256": digest, "invited": pulse.invited, "census": pulse.census.sha256},
    )  # fmt: skip
    return pulse


def counted(pulse: Pulse) -> dict[str, Any]:
    """The figures of a round, by how sure we are of whose answers they are."""
    figures = {}
    for kind in pulse.kinds:
        said = [reply.said for reply in pulse.replies.filter(kind=kind)]
        answers = np.array([row["scores"] for row in said], np.float64).reshape(-1, len(SCORES))
        if kind == Kind.OPEN:
            figures[kind] = open_to_anyone(answers)
            continue
        traits = np.array([row["traits"] for row in said], np.int64)
        figures[kind] = told(Round(answers, traits.reshape(-1, len(pulse.shares)), pulse.shares))
    return figures


@transaction.atomic
def forget_answers(pulse: Pulse) -> Pulse:
    """Throw away every single answer, 30 days after counting. Only the clock does this."""
    pulse.key, pulse.forgotten_at = {}, timezone.now()
    pulse.save(update_fields=["key", "forgotten_at"])
    pulse.codes.all().delete()
    pulse.replies.all().delete()
    witness("forget_answers", pulse, by=THE_DESK)
    return pulse


def forget_networks() -> int:
    """Delete what was counted by network, and the keys of those marks, after 48 hours."""
    return DOOR.forget(timezone.now())
