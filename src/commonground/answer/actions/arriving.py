"""What people say to us comes in: each message once, in its order, or not at all yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from commonground.answer.engine.triage import URGENT, Kind, triage
from commonground.answer.engine.triage.reading import LANGUAGES
from commonground.answer.models import (
    Conversation,
    Line,
    Message,
    Note,
    Priority,
    Promise,
    Word,
    mark_of,
    word_marks,
)
from commonground.answer.states import State
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.models import Channel
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn
from commonground.record.actions import THE_DESK, advance, witness
from commonground.record.models import LegalHold
from commonground.say.models import Delivery, Post

# A reply is to be here within five seconds: so often an account is asked where anything was said
# in the last five minutes, by us or to us. Where it is quiet, a hundredth of the silence: an
# agency has hundreds of accounts, mostly quiet, and no server is to be asked hundreds of times a
# second for nothing.
ASK_EVERY, ASK_AT_LEAST = timedelta(seconds=3), timedelta(seconds=30)
# How long nobody hears a channel whose worker was killed. Whoever is still at it says so again and
# again (`still_heard`). Where it lapses too early two ask the same, and only the first is kept.
LEASE = timedelta(seconds=6)
LOOK_FIRST = timedelta(minutes=1)  # after it came, where nobody tells that it was deleted
FIRST_LINE = 140  # characters of a message that a list shows


@transaction.atomic
def take_in(line: Line, batch: Batch) -> list[Message]:
    """All of a batch, and the place to go on from, or nothing of it.

    Whoever comes second with the same batch finds that the place has moved, and leaves it. A
    message that a network tells twice is kept once.
    """
    now = database_now()
    stirred_at = now if batch.said else line.stirred_at
    came_first = Line.objects.filter(pk=line.pk, cursor=line.cursor, asked_at=line.asked_at)
    if not came_first.update(
        cursor=batch.cursor[:500], asked_at=now, heard_at=now, trouble="",
        stirred_at=stirred_at, held_until=now + LEASE if batch.more else None,
        next_at=now if batch.more else now + asked_again_after(now - stirred_at),
    ):  # fmt: skip
        raise MovedOn("Another worker heard this already.")
    marks = [mark_of(line.channel_id, incoming.id) for incoming in batch.said]
    known = Message.objects.filter(mark__in=marks).select_related("conversation__channel")
    here = {message.mark: message for message in known}
    kept: list[Message | None] = []
    for mark, incoming in zip(marks, batch.said, strict=True):
        if mark in here:
            kept.append(renew(here[mark], incoming, now))
        else:
            here[mark] = receive(line.channel, incoming, mark, now)
            kept.append(here[mark])
    for name in batch.gone:
        lose(line.channel, name, now)
    batch.kept()
    return [message for message in kept if message]


def asked_again_after(silence: timedelta) -> timedelta:
    return min(max(silence / 100, ASK_EVERY), ASK_AT_LEAST)


def stir(spoke_since: datetime) -> int:
    """Accounts that just spoke are asked often again: people answer what they have just read.

    One in trouble keeps its own time, and is asked often once it is heard again. Whoever hears a
    line in this very moment writes down what they knew; the next round, a second later, mends it.
    """
    now = database_now()
    spoke = Delivery.objects.filter(seen_at__gte=spoke_since).values("variant__channel")
    lines = Line.objects.filter(channel__in=spoke, stirred_at__lt=spoke_since)
    lines.filter(trouble="", next_at__gt=now + ASK_EVERY).update(next_at=now + ASK_EVERY)
    return lines.update(stirred_at=now)


def receive(channel: Channel, incoming: Incoming, mark: str, now: datetime) -> Message:
    """A message that was not here yet."""
    proposals = proposals_for(incoming)
    conversation = conversation_for(channel, incoming, proposals, now)
    message = Message.objects.create(
        conversation=conversation, mark=mark, said=said_by(incoming, proposals),
        public=incoming.public, at=when(incoming, now), heard_at=now,
        look_at=now + LOOK_FIRST if channel.kind.deleted else None,
    )  # fmt: skip
    Word.keep(conversation, word_marks(channel.agency_id, f"{incoming.text} {incoming.handle}"))
    record(message, incoming, proposed=[p["kind"] for p in proposals])
    return message


def record(message: Message, incoming: Incoming, **more: Any) -> None:
    """That it came, and its words: sealed under a key of their own, for as long as the retention
    of the record says. The inbox forgets them earlier, and whoever wrote them may delete them."""
    said = {
        "text": incoming.text, "name": incoming.name, "handle": incoming.handle,
        "url": incoming.url, "said_at": incoming.at.isoformat() if incoming.at else "",
        "beneath": incoming.beneath, "public": incoming.public,
    }  # fmt: skip
    told = {"mark": message.mark, **said, **more}
    witness("receive", message.conversation, by=THE_DESK, **told)


def proposals_for(incoming: Incoming) -> list[dict[str, Any]]:
    """What it could be. Of a language that the triage does not read it says nothing: a guess about
    words it does not know would send people running, or keep them from it."""
    language = incoming.language.partition("-")[0]
    if language and language not in LANGUAGES:
        return []
    return [p.as_dict() for p in triage(incoming.text, language or None)]


def said_by(incoming: Incoming, proposals: list[dict[str, Any]]) -> Any:
    return {
        "id": incoming.id, "url": incoming.url, "handle": incoming.handle, "name": incoming.name,
        "text": incoming.text, "language": incoming.language, "proposals": proposals,
        "author": incoming.author, "beneath": incoming.beneath,
    }  # fmt: skip


def when(incoming: Incoming, now: datetime) -> datetime:
    """As the network says; never later than now: it stands in the order of a list."""
    return min(incoming.at, now) if incoming.at else now


def conversation_for(
    channel: Channel, incoming: Incoming, proposals: list[dict[str, Any]], now: datetime
) -> Conversation:
    """Where it belongs; it needs somebody now, whatever became of what was said before."""
    thread, about = place_of(channel, incoming)
    person = mark_of(channel.pk, incoming.author)
    fresh = fields_for(channel, incoming, proposals, now)
    started = {**fresh, "agency_id": channel.agency_id, "about": about,
               "first_at": fresh["last_at"]}  # fmt: skip
    conversation, is_new = Conversation.objects.get_or_create(
        channel=channel, thread=thread, person=person, defaults=started
    )
    if is_new:
        return conversation
    again(conversation, fresh)
    if conversation.state != State.OPEN:
        advance(conversation, "wake", by=THE_DESK, snoozed_until=None)
    return conversation


def fields_for(
    channel: Channel, incoming: Incoming, proposals: list[dict[str, Any]], now: datetime
) -> dict[str, Any]:
    kind = Kind(proposals[0]["kind"]) if proposals else None
    rank = rank_of(proposals)
    promised = Promise.objects.filter(agency=channel.agency_id).select_related("agency").first()
    shown = {"name": incoming.name, "handle": incoming.handle,
             "line": " ".join(incoming.text.split())[:FIRST_LINE]}  # fmt: skip
    return {
        "shown": shown, "last_at": when(incoming, now), "proposed": kind.value if kind else "",
        "rank": rank,
        # Counted from when we could know of it: a network that was silent is not our delay, and
        # one whose clock is wrong makes nobody late.
        "due_at": (promised or Promise(agency=channel.agency)).due(
            now, urgent=rank == Priority.URGENT
        ),
    }  # fmt: skip


def rank_of(proposals: list[dict[str, Any]], but: Collection[str] = ()) -> Priority:
    """How early somebody should look: first where help is likely needed, then where it could be.

    What is only possible is often wrong, so that it has no shorter promise: with half of all
    messages first, none would be. `but`: kinds of which a person said no.
    """
    urgent = [p for p in proposals if Kind(p["kind"]) in URGENT and p["kind"] not in but]
    if any(p["likely"] for p in urgent):
        return Priority.URGENT
    return Priority.HIGH if urgent else Priority.NORMAL


def again(conversation: Conversation, fresh: dict[str, Any]) -> None:
    """They wrote once more. What waited for an answer already waits no longer for it; what was
    answered has a new promise; and nothing becomes less urgent by being said twice."""
    open_now = conversation.state == State.OPEN
    before = conversation.rank if open_now else conversation.priority
    changes = {**fresh, "rank": min(before, fresh["rank"]), "emptied_at": None}
    if open_now and not conversation.emptied_at:
        changes["due_at"] = min(conversation.due_at, fresh["due_at"])
        if not fresh["proposed"] or conversation.rank < fresh["rank"]:
            changes.pop("proposed")
    changes["last_at"] = max(conversation.last_at, fresh["last_at"])
    for name, value in changes.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=list(changes))


def place_of(channel: Channel, incoming: Incoming) -> tuple[str, Post | None]:
    """The mark of what it hangs beneath, and the post of ours, if it is one.

    Beneath an answer of ours they go on with what we answered.
    """
    if not incoming.beneath:
        return mark_of(channel.pk, incoming.id), None
    there = Delivery.objects.filter(network_id=incoming.beneath, variant__channel=channel)
    ours = there.select_related("variant__post__answer__conversation").first()
    if ours:
        post = ours.variant.post
        answer = getattr(post, "answer", None)
        if answer:
            return answer.conversation.thread, answer.conversation.about
        return mark_of(channel.pk, incoming.beneath), post
    former = Message.objects.filter(mark=mark_of(channel.pk, incoming.beneath))
    if known := former.select_related("conversation__about").first():
        return known.conversation.thread, known.conversation.about
    return mark_of(channel.pk, incoming.beneath), None


def renew(message: Message, incoming: Incoming, now: datetime) -> Message | None:
    """It says something else now, or what it said. A person may have read the old words: both
    times are shown. What its author deleted does not come back."""
    if (
        message.gone_at
        or message.said.get("text") == incoming.text
        or message.conversation.emptied_at
    ):
        return None
    message.conversation.refresh_from_db()  # another message of the batch may have changed it
    proposals = proposals_for(incoming)
    message.said, message.changed_at = said_by(incoming, proposals), now
    message.save(update_fields=["said", "changed_at"])
    conversation = message.conversation
    index_anew(conversation)
    fresh = fields_for(conversation.channel, incoming, proposals, now)
    fresh["last_at"] = conversation.last_at
    again(conversation, fresh)
    record(message, incoming, changed=True)
    return message


def index_anew(conversation: Conversation) -> None:
    """Words nobody says any more are not found any more."""
    conversation.words.all().delete()
    said = " ".join(
        f"{m.said.get('text', '')} {m.said.get('handle', '')}" for m in conversation.messages.all()
    )
    Word.keep(conversation, word_marks(conversation.agency_id, said))


def lose(channel: Channel, name: str, now: datetime) -> None:
    """Its author deleted it there, so its words go here too. That it was said stays."""
    gone = Message.objects.filter(mark=mark_of(channel.pk, name), gone_at=None)
    message = gone.select_related("conversation").first()
    if message is None:
        return
    message.said, message.gone_at, message.look_at = {}, now, None
    message.save(update_fields=["said", "gone_at", "look_at"])
    conversation = message.conversation
    last = conversation.messages.filter(gone_at=None).last()
    line = " ".join(last.said.get("text", "").split())[:FIRST_LINE] if last else ""
    conversation.shown = {**conversation.shown, "line": line} if last else {}
    conversation.save(update_fields=["shown"])
    index_anew(conversation)
    witness("lose_message", conversation, by=THE_DESK, mark=message.mark)


def still_heard(lines: Collection[int]) -> None:
    """Networks may be slow, and have much to tell: these are in living hands."""
    mine = Line.objects.filter(pk__in=lines, held_until__isnull=False)
    mine.update(held_until=database_now() + LEASE)


def let_go_of_line(line: Line) -> None:
    """There is more than one turn hears: whoever comes next goes on."""
    Line.objects.filter(pk=line.pk, asked_at=line.asked_at).update(held_until=None)


@transaction.atomic
def note_trouble(line: Line, why: str, again_at: datetime) -> None:
    """It did not answer. Whoever opens the inbox sees since when nothing is heard there."""
    Line.objects.filter(pk=line.pk, asked_at=line.asked_at).update(
        asked_at=database_now(), trouble=why[:300], next_at=again_at, held_until=None
    )


@transaction.atomic
def forget_old(conversation: Conversation) -> bool:
    """Delete what they wrote when its time is over. A legal hold keeps everything."""
    held = LegalHold.objects.standing().filter(agency=str(conversation.agency_id))
    if held.exists():
        return False
    now = database_now()
    if (
        not Conversation.objects.to_forget(now)
        .filter(pk=conversation.pk)
        .update(emptied_at=now, shown={})
    ):
        return False
    conversation.messages.update(said={}, look_at=None)
    Note.objects.filter(conversation=conversation).update(said={})
    conversation.words.all().delete()
    witness("forget_words", conversation, by=THE_DESK)
    return True
