"""Hide, mute, block: asked for by one, allowed by another, ended by the clock, by anybody, or by
an appeal. What the network shows follows from these, and never goes before them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.answer.models import Conversation, Measure, Message
from commonground.answer.models.measures import target_of
from commonground.answer.queries.measures import copied
from commonground.answer.rules import measures as rules
from commonground.channels.contract import Receipt
from commonground.channels.contract.moderating import Act
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, advance, witness
from commonground.record.models import LegalHold

LEASE = timedelta(seconds=60)  # longer than a network may take to say nothing
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
# A key keeps a server from saying it twice for half an hour: that is how long it is tried again.
MOST_TELLINGS = 6


def public_facts(measure: Measure) -> dict[str, Any]:
    """What the record says aloud of it: which rule, never whose words."""
    return {
        "reference": measure.reference, "kind": measure.kind, "rule": measure.rule_words,
        "version": measure.policy.number,
        "until": measure.until.isoformat(timespec="minutes") if measure.until else "",
    }  # fmt: skip


@transaction.atomic
def ask_for_measure(
    conversation: Conversation, message: Message, *, kind: Act, rule: int, reason: str,
    why_not_less: str, until: datetime | None, by: Member,
) -> Measure:  # fmt: skip
    """Nothing happens yet: a second person reads what was written, which rule, and why."""
    rules.may_ask(conversation, by)
    policy, now = rules.must_have_policy(conversation.agency), database_now()
    rules.must_stand(conversation, message)
    if not policy.rule(rule):
        raise Refused(_("The comment policy in force has no such rule."))
    target = target_of(conversation, message, kind)
    rules.must_be_new(conversation, kind, target)
    rules.must_end(kind, until, now)
    said = {
        "reason": rules.must_give_reason(reason),
        "why_not_less": rules.must_be_smallest(conversation, kind, why_not_less),
    }
    copy = copied(conversation, message, now)
    measure = Measure(
        agency=conversation.agency, channel=conversation.channel, conversation=conversation,
        message=message, kind=kind.value, target=target, policy=policy, rule=rule, said=said,
        copy=copy, asked_by=by, asked_at=now, until=None if kind == Act.HIDE else until,
    )  # fmt: skip
    try:
        with transaction.atomic():
            measure.save(force_insert=True)
    except IntegrityError as twice:
        raise MovedOn(_("This was asked for already, or is in force.")) from twice
    whole = hashlib.sha256(json.dumps(copy, sort_keys=True).encode()).hexdigest()
    witness("ask_for_measure", measure, by=by, copy=whole, **said, **public_facts(measure))
    return measure


@transaction.atomic
def allow(measure: Measure, *, by: Member) -> Measure:
    """The second yes: from this second it is in force, and the author is told."""
    rules.may_allow(measure, by)
    now = database_now()
    if measure.until and measure.until <= now:
        raise Refused(_("The time it was asked for is over. Ask for another, or let it be."))
    rules.must_be_undone(measure)
    moderates = measure.channel.kind.moderates
    return advance(
        measure, "allow", by=by, told=public_facts(measure), agreed_by=by, agreed_at=now,
        by_hand=not measure.can_be_done, next_at=now, tell_next_at=now,
        tell_by_hand=moderates is None or moderates.tell is None,
    )  # fmt: skip


@transaction.atomic
def turn_down(measure: Measure, *, reason: str, by: Member) -> Measure:
    """What they wrote stays. Whoever asked reads why."""
    rules.may_allow(measure, by)
    return over(measure, "turn_down", by=by, told={"reason": rules.must_give_reason(reason)})


@transaction.atomic
def recall(measure: Measure, *, by: Member) -> Measure:
    """Whoever asked thought again. Nothing was done."""
    rules.may_recall(measure, by)
    return over(measure, "recall", by=by)


@transaction.atomic
def end(measure: Measure, *, reason: str, by: Member) -> Measure:
    """Take it back before its time. It is undone at the network."""
    rules.may_end(measure, by)
    told = {"why": rules.must_give_reason(reason), **public_facts(measure)}
    return over(measure, "end", by=by, told=told)


@transaction.atomic
def expire(measure: Measure) -> Measure:
    """Its day has come. It is undone at the network."""
    return over(measure, "expire", by=THE_DESK, told=public_facts(measure))


@transaction.atomic
def restore(measure: Measure) -> Measure:
    """An appeal found it wrong. It is undone at the network."""
    return over(measure, "restore", by=THE_DESK, told=public_facts(measure))


def over(measure: Measure, transition: str, *, by: Any, told: Any = None) -> Measure:
    """When the network is asked is left as it is: somebody may be asking it in this second."""
    return advance(measure, transition, by=by, told=told, ended_at=database_now())


# What the network shows


def take_turn(measure: Measure) -> bool:
    """Have this measure for a minute. What is begun must be undone, whatever comes of it."""
    mine = Measure.objects.filter(
        pk=measure.pk, state=measure.state, next_at=measure.next_at, stands=measure.stands
    )
    fields: dict[str, Any] = {"next_at": database_now() + LEASE}
    if measure.ended_at is None:
        fields["begun"] = True
    return bool(mine.update(**fields))


@transaction.atomic
def note_settled(measure: Measure, *, stands: bool) -> None:
    """The network shows it so: that was seen, not believed."""
    fields: dict[str, Any] = {"stands": stands, "attempts": 0, "trouble": ""}
    if not stands:
        fields["begun"] = False
    Measure.objects.filter(pk=measure.pk).update(**fields, next_at=database_now())
    if stands:
        witness("carry_out", measure, by=THE_DESK)
    else:
        witness("undo_measure", measure, by=THE_DESK)
    measure.refresh_from_db()


@transaction.atomic
def note_by_hand(measure: Measure, *, by: Member) -> Measure:
    """A person did it at the network, or undid it there, and says so."""
    rules.may_carry_out(measure, by)
    due = Measure.objects.to_do_by_hand().filter(pk=measure.pk, state=measure.state)
    stands = measure.ended_at is None
    if not due.update(stands=stands, begun=stands, trouble=""):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    if stands:
        witness("carry_out", measure, by=by, by_hand=True)
    else:
        witness("undo_measure", measure, by=by, by_hand=True)
    measure.refresh_from_db()
    return measure


@transaction.atomic
def note_measure_trouble(measure: Measure, why: str, again_at: datetime | None) -> None:
    """It could not be done now: it is tried again, later and later, and shown meanwhile."""
    wait = again_at or database_now() + waits(measure.attempts)
    Measure.objects.filter(pk=measure.pk).update(
        attempts=measure.attempts + 1, trouble=why[:300], next_at=wait
    )


@transaction.atomic
def give_to_a_person(measure: Measure, why: str) -> None:
    """The network said no for good: a person must do it there."""
    Measure.objects.filter(pk=measure.pk).update(by_hand=True, trouble=why[:300])
    witness("give_to_a_person", measure, by=THE_DESK, why=why[:300])


def waits(attempts: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(attempts, 10)), LONGEST_WAIT)


# Whether the author knows


def take_telling(measure: Measure) -> bool:
    mine = Measure.objects.filter(
        pk=measure.pk, told_at=None, tell_next_at=measure.tell_next_at, tell_by_hand=False
    )
    return bool(mine.update(tell_next_at=database_now() + LEASE))


@transaction.atomic
def note_author_told(measure: Measure, receipt: Receipt) -> None:
    """The words stand where only they read them."""
    untold = Measure.objects.filter(pk=measure.pk, told_at=None)
    if untold.update(told_at=database_now(), tell_trouble="", tell_attempts=0):
        witness("tell_author", measure, by=THE_DESK, there=receipt.network_id)


@transaction.atomic
def note_not_told(measure: Measure, why: str, *, for_good: bool) -> None:
    tried = measure.tell_attempts + 1
    by_hand = for_good or tried >= MOST_TELLINGS
    Measure.objects.filter(pk=measure.pk, told_at=None).update(
        tell_attempts=0 if by_hand else tried, tell_trouble=why[:300], tell_by_hand=by_hand,
        tell_next_at=database_now() + waits(measure.tell_attempts),
    )  # fmt: skip


@transaction.atomic
def note_told_by_hand(measure: Measure, *, how: str, by: Member) -> Measure:
    """A person told them: where, and how, stands in the record."""
    rules.may_carry_out(measure, by)
    if not how.strip():
        raise Refused(_("Say how you told them."))
    untold = Measure.objects.untold().filter(pk=measure.pk, tell_by_hand=True)
    if not untold.update(told_at=database_now(), tell_trouble=""):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    witness("tell_author", measure, by=by, how=how.strip()[:200])
    measure.refresh_from_db()
    return measure


@transaction.atomic
def forget_copy(measure: Measure) -> bool:
    """Three years after it ended its copy goes, unless a legal hold keeps everything."""
    if LegalHold.objects.standing().filter(agency=str(measure.agency_id)).exists():
        return False
    now = database_now()
    if (
        not Measure.objects.to_forget(now)
        .filter(pk=measure.pk)
        .update(copy="", said="", emptied_at=now)
    ):
        return False
    witness("forget_words", measure, by=THE_DESK)
    return True
