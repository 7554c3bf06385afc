"""Who has a conversation, and what they do with it besides answering."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.answer import rules
from commonground.answer.actions.arriving import rank_of
from commonground.answer.engine.triage import URGENT, Kind
from commonground.answer.models import CLAIM_LASTS, Conversation, Judgement, Message, Note, Priority
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, Person, advance, witness


@transaction.atomic
def claim(conversation: Conversation, *, by: Member) -> Conversation:
    """Take it: for a quarter of an hour nobody else answers. Each act of theirs renews it."""
    rules.may_act(conversation.agency_id, by)
    if hold(conversation, by):
        witness("claim", conversation, by=by)
    return conversation


def hold(conversation: Conversation, by: Member) -> bool:
    """Have it in these hands, or refuse; whether that is new.

    One update that names what must be true: of fifty who try at once the database lets one.
    """
    now = database_now()
    row, until = Conversation.objects.filter(pk=conversation.pk), now + CLAIM_LASTS
    free = Q(owner=None) | Q(claimed_until__lte=now)
    is_new = bool(row.filter(free).update(owner=by, claimed_until=until))
    if not is_new:
        mine = row.filter(owner=by)
        if not mine.filter(claimed_until=None).exists() and not mine.update(claimed_until=until):
            raise MovedOn(
                _("%(name)s is answering this. Write them a note, or wait until they are done.")
                % {"name": holder_of(conversation)}
            )
    conversation.refresh_from_db(fields=["owner", "claimed_until", "state"])
    return is_new


def holder_of(conversation: Conversation) -> str:
    held = Conversation.objects.filter(pk=conversation.pk).select_related("owner").get()
    return held.owner.name if held.owner else _("Somebody")


@transaction.atomic
def let_go(conversation: Conversation, *, by: Member) -> Conversation:
    """Give it back, so that anybody may take it."""
    rules.may_act(conversation.agency_id, by)
    mine = Conversation.objects.filter(pk=conversation.pk, owner=by)
    if not mine.update(owner=None, claimed_until=None):
        raise MovedOn(_("It is not in your hands any more."))
    conversation.owner = conversation.claimed_until = None
    witness("let_go", conversation, by=by)
    return conversation


@transaction.atomic
def pass_on(conversation: Conversation, *, to: Member, note: str, by: Member) -> Conversation:
    """Give it to a colleague, with what they must know. Theirs has no time limit."""
    rules.may_act(conversation.agency_id, by)
    rules.may_have(to, conversation.agency)
    hold(conversation, by)
    mine = Conversation.objects.filter(pk=conversation.pk, owner=by)
    if not mine.update(owner=to, claimed_until=None):
        raise MovedOn(_("It is not in your hands any more."))
    conversation.owner, conversation.claimed_until = to, None
    if note.strip():
        Note.objects.create(conversation=conversation, by=by, said=as_said(note))
    witness("pass_on", conversation, by=by, to=to.name)
    return conversation


def as_said(text: str) -> dict[str, str]:
    return {"text": text.strip()[:2000]}


@transaction.atomic
def add_note(conversation: Conversation, *, text: str, by: Member) -> Note:
    """For colleagues. Nobody needs to have the conversation for that."""
    rules.may_act(conversation.agency_id, by)
    text = rules.must_say_something(text)
    note = Note.objects.create(conversation=conversation, by=by, said=as_said(text))
    witness("add_note", conversation, by=by)
    return note


@transaction.atomic
def set_priority(conversation: Conversation, *, priority: Priority, by: Member) -> Conversation:
    """A person says how much it matters; from then on that counts, and not the triage."""
    rules.may_act(conversation.agency_id, by)
    conversation.priority = conversation.rank = priority
    conversation.save(update_fields=["priority", "rank"])
    witness("set_priority", conversation, by=by, priority=priority.name.lower())
    return conversation


@transaction.atomic
def snooze(conversation: Conversation, *, until: datetime, by: Member) -> Conversation:
    """Put it off. It comes back by itself at that time, or when they write again."""
    rules.may_act(conversation.agency_id, by)
    if until <= database_now():
        raise Refused(_("That time has passed. Choose a later one."))
    hold(conversation, by)
    told = {"until": until.isoformat(timespec="minutes")}
    return advance(conversation, "snooze", by=by, told=told, snoozed_until=until)


@transaction.atomic
def close(conversation: Conversation, *, by: Member) -> Conversation:
    """Done. If they write again it is open again."""
    rules.may_act(conversation.agency_id, by)
    if pending := rules.pending_of(conversation):
        named = {"name": pending[0].post.author.name}
        raise Refused(_("An answer by %(name)s is still on its way. Settle that first.") % named)
    hold(conversation, by)
    return advance(conversation, "close", by=by, snoozed_until=None, owner=None, claimed_until=None)


@transaction.atomic
def reopen(conversation: Conversation, *, by: Member) -> Conversation:
    """It was not done: somebody has to act after all."""
    rules.may_act(conversation.agency_id, by)
    rules.must_hold_words(conversation)
    return advance(conversation, "reopen", by=by, snoozed_until=None)


@transaction.atomic
def wake(conversation: Conversation, *, by: Person = THE_DESK) -> Conversation:
    """Its time has come, or what we meant to say did not go out: it needs one of us again."""
    return advance(conversation, "wake", by=by, snoozed_until=None)


@transaction.atomic
def judge(message: Message, *, kind: Kind, is_right: bool, by: Member) -> Judgement:
    """Say what a message is, or is not. The triage learns nothing by itself: its makers count."""
    conversation = message.conversation
    rules.may_act(conversation.agency_id, by)
    proposed = any(p["kind"] == kind for p in message.proposals)
    said, _new = Judgement.objects.update_or_create(
        message=message, kind=kind,
        defaults={"was_proposed": proposed, "is_right": is_right, "by": by},
    )  # fmt: skip
    if kind in URGENT:
        wrongly = set(message.judgements.filter(is_right=False).values_list("kind", flat=True))
        left = Priority.URGENT if is_right else rank_of(message.proposals, wrongly)
        conversation.rank = min(left, conversation.priority)
        conversation.save(update_fields=["rank"])
    witness("judge", conversation, by=by, kind=kind.value, is_right=is_right)
    return said


@transaction.atomic
def raise_emergency(
    conversation: Conversation, *, told: str, took: str, by: Member
) -> Conversation:
    """Somebody was told who can send help: by which way, and who took it there."""
    rules.may_act(conversation.agency_id, by)
    if not told.strip() or not took.strip():
        raise Refused(_("Say whom you told, and who took it: only then does somebody have it."))
    said = _("Handed to %(told)s; taken by %(took)s.") % {"told": told, "took": took}
    Note.objects.create(conversation=conversation, by=by, said=as_said(said))
    conversation.priority = conversation.rank = Priority.URGENT
    conversation.save(update_fields=["priority", "rank"])
    witness("raise_emergency", conversation, by=by, told=told.strip()[:120], took=took.strip()[:80])
    return conversation
