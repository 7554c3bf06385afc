"""What the clock does for ANSWER: hears what people say to us, looks whether it still stands, wakes
what was put off, and sees what became of our answers. It answers nobody."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from threading import BoundedSemaphore

from django.db.models import Q, QuerySet

from commonground.answer import actions
from commonground.answer.actions.arriving import LEASE
from commonground.answer.actions.replying import ENDED
from commonground.answer.models import Answer, Conversation, Line, Message
from commonground.answer.tasks import measures as measures  # its chores are this room's too
from commonground.channels import actions as channel_actions
from commonground.channels.contract import Busy, Declined, SignInNeeded
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.channels.networks.site import commenting
from commonground.channels.states import State as ChannelState
from commonground.kit.clock import Lane, database_now, every, last
from commonground.kit.hands import Hands
from commonground.kit.refusals import MovedOn, Refused

log = logging.getLogger(__name__)

AT_ONCE = 200
MOST_BATCHES = 25  # of one channel in one turn: then the others have theirs
# A network that hangs holds up nobody else for long; more at once would fill a small server.
EARS = Hands(4, "ears")
MOST_HELD = 40
HELD = BoundedSemaphore(MOST_HELD)  # lines in hand: they are heard within seconds
IN_HAND: set[int] = set()  # their keys
JUST_NOW = timedelta(seconds=20)
# Until one that failed is asked again, unless it says when: soon at first, for most lines are cut
# for seconds, and rarely in the end.
SOON, RARELY = timedelta(seconds=2), timedelta(minutes=1)


@every(seconds=0.5)
def listen() -> None:
    """Every channel whose turn has come, each in one pair of hands."""
    for line in lines_due(database_now()):
        if HELD.acquire(blocking=False):
            hear_with_one_ear(line)


def hear_with_one_ear(line: Line) -> None:
    """What waits longer than its lease for a free ear would be heard by two."""
    is_on_its_way = False
    try:
        if taken(line):
            IN_HAND.add(line.pk)
            EARS.give(partial(hear_on_its_own, line))
            is_on_its_way = True
    finally:  # also where the database was away: else one line less would be heard for ever
        if not is_on_its_way:
            HELD.release()


def put_down(line: Line) -> None:
    IN_HAND.discard(line.pk)
    HELD.release()


@every(seconds=2)
def keep_in_hand() -> None:
    if held := list(IN_HAND):
        actions.still_heard(held)


@every(seconds=1)
def listen_where_we_spoke() -> None:
    actions.stir(database_now() - JUST_NOW)


@last
def stop_listening() -> None:
    EARS.finish(drop=True)


def channels_of(able: list[str]) -> QuerySet[Channel]:
    # Paused means that we say nothing there. People are heard all the same.
    heard = [ChannelState.READY, ChannelState.PAUSED]
    # A rehearsal that is in no drill has nobody who could say anything.
    alone = Q(network="rehearsal", drill=False)
    return Channel.objects.filter(network__in=able, state__in=heard).exclude(alone)


def lines_due(now: datetime) -> list[Line]:
    """Whose time has come; and, at once, where we know without asking that something was said."""
    kinds = [kind for kind in networks().values() if kind.hears]
    channels = channels_of([kind.name for kind in kinds])
    for channel in channels.filter(incoming=None):
        Line.objects.get_or_create(channel=channel)
    told = [channel for kind in kinds if kind.unheard for channel in kind.unheard()]
    due = Q(next_at__lte=now) | Q(channel__in=told, trouble="")
    rows = Line.objects.filter(due, in_nobodys_hands(now), channel__in=channels)
    return list(rows.order_by("next_at").select_related("channel__agency")[:MOST_HELD])


def in_nobodys_hands(now: datetime) -> Q:
    return Q(held_until=None) | Q(held_until__lte=now)


def taken(line: Line) -> bool:
    """`next_at` as it was seen: whoever heard it meanwhile has moved that."""
    now = database_now()
    free = Line.objects.filter(in_nobodys_hands(now), pk=line.pk, next_at=line.next_at)
    return bool(free.update(held_until=now + LEASE))


def hear_on_its_own(line: Line) -> None:
    try:
        hear(line)
    except Exception:
        log.exception("what is said on %s could not be heard", line.channel_id)
    finally:
        put_down(line)


def hear(line: Line) -> int:
    """All that is new on one channel, batch by batch. How many messages that were."""
    hears, login, count = line.channel.kind.hears, line.channel.login(), 0
    if hears is None:
        return 0
    try:
        for _ in range(MOST_BATCHES):
            batch = hears(login, line.cursor)
            count += len(actions.take_in(line, batch))
            line.refresh_from_db()
            if not batch.more:
                break
        else:
            actions.let_go_of_line(line)
    except MovedOn:
        return count
    except (Declined, Busy) as trouble:
        note(line, trouble)
    return count


def note(line: Line, trouble: Declined | Busy) -> None:
    now = database_now()
    again_at = getattr(trouble, "again_at", None) or now + pause(line.heard_at, now)
    actions.note_trouble(line, str(trouble), again_at)
    if isinstance(trouble, SignInNeeded):
        with suppress(Refused):
            channel_actions.lose(line.channel, str(trouble))


def pause(heard_at: datetime | None, now: datetime) -> timedelta:
    """A quarter of the time that nothing was heard, within bounds."""
    if heard_at is None:
        return RARELY
    return min(max((now - heard_at) / 4, SOON), RARELY)


@every(seconds=10, lane=Lane.NETWORKS)
def look_for_what_was_deleted() -> None:
    able = [name for name, kind in networks().items() if kind.deleted]
    due = Message.objects.filter(look_at__lte=database_now()).values("conversation__channel")
    for channel in channels_of(able).filter(pk__in=due):
        with suppress(Declined, Busy):  # whoever hears the channel tells of its trouble
            look_for_deleted(channel)


def look_for_deleted(channel: Channel) -> None:
    deleted, looked_for = channel.kind.deleted, actions.take_to_look_for(channel)
    if deleted and looked_for:
        names = [str(message.said.get("id", "")) for message in looked_for]
        actions.lose_deleted(channel, deleted(channel.login(), names))


@every(seconds=5)
def wake_what_slept() -> None:
    for conversation in Conversation.objects.to_wake(database_now())[:AT_ONCE]:
        with suppress(MovedOn):
            actions.wake(conversation)


@every(seconds=2)
def settle_answers() -> None:
    """Answers that were seen in public; and those that never will be."""
    ended = Answer.objects.filter(settled=False, post__state__in=ENDED)
    for answer in ended.select_related("post__author", "conversation__channel")[:AT_ONCE]:
        with suppress(MovedOn):
            actions.settle_answer(answer)


@every(seconds=3600)
def forget_the_old() -> None:
    for conversation in Conversation.objects.to_forget(database_now())[:AT_ONCE]:
        actions.forget_old(conversation)


@every(seconds=3600)
def forget_what_people_commented() -> None:
    """Words on our own site whose time is over; and from where so many of them came."""
    actions.forget_comments(AT_ONCE)
    commenting.forget_networks()
