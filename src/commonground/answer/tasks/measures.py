"""What the clock does about measures: tells their authors, does at the network what two people
decided, and undoes it when its time is over. It decides nothing."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime

from commonground.answer.actions import measures as actions
from commonground.answer.models import Measure
from commonground.answer.queries.measures import notice_words
from commonground.channels import actions as channel_actions
from commonground.channels.contract import Busy, Declined, SignInNeeded, Unsure
from commonground.channels.contract.moderating import Act, Moderates
from commonground.channels.models import Channel
from commonground.channels.states import State as ChannelState
from commonground.kit.clock import Lane, database_now, every
from commonground.kit.refusals import MovedOn, Refused
from commonground.protect.queries import standing_over

log = logging.getLogger(__name__)

AT_ONCE = 50
WITH = ("channel", "policy", "agency", "conversation")


@every(seconds=5)
def end_what_is_over() -> None:
    for measure in Measure.objects.to_expire(database_now()).select_related(*WITH)[:AT_ONCE]:
        with suppress(MovedOn):
            actions.expire(measure)


@every(seconds=2, lane=Lane.NETWORKS)
def tell_authors() -> None:
    """First they are told: who is blocked cannot be told any more."""
    for measure in Measure.objects.to_tell(database_now()).select_related(*WITH)[:AT_ONCE]:
        if may_go_out(measure) and actions.take_telling(measure):
            tell(measure)


@every(seconds=2, lane=Lane.NETWORKS)
def carry_out_measures() -> None:
    due = Measure.objects.to_carry_out(database_now()).select_related(*WITH)
    for measure in due.order_by("next_at")[:AT_ONCE]:
        if may_go_out(measure) and actions.take_turn(measure):
            carry_out(measure)


@every(seconds=3600)
def forget_old_copies() -> None:
    for measure in Measure.objects.to_forget(database_now())[:AT_ONCE]:
        actions.forget_copy(measure)


def may_go_out(measure: Measure) -> bool:
    """While everything is stopped nothing of ours changes anywhere."""
    return standing_over(measure.agency) is None


def tell(measure: Measure) -> None:
    channel = measure.channel
    way = way_to(channel)
    if way is None or way.tell is None:
        actions.note_not_told(measure, "", for_good=True)
        return
    words = notice_words(measure)
    try:
        receipt = way.tell(channel.login(), measure.aim, words, measure.pk.hex)
    except SignInNeeded as trouble:
        lose(channel, trouble)
        actions.note_not_told(measure, str(trouble), for_good=False)
    except Declined as no:
        actions.note_not_told(measure, str(no), for_good=True)
    except (Busy, Unsure) as trouble:
        actions.note_not_told(measure, str(trouble), for_good=False)
    else:
        actions.note_author_told(measure, receipt)


def carry_out(measure: Measure) -> None:
    """Make the network show what is so: whatever is asked of it may be asked again."""
    channel, act = measure.channel, Act(measure.kind)
    way, wanted = way_to(channel), measure.ended_at is None
    if way is None or act not in way.means:
        actions.give_to_a_person(measure, "")
        return
    ask = way.impose if wanted else way.undo
    try:
        ask(channel.login(), act, measure.aim)
    except SignInNeeded as trouble:
        lose(channel, trouble)
        actions.note_measure_trouble(measure, str(trouble), None)
    except Declined as no:
        actions.give_to_a_person(measure, str(no))
    except (Busy, Unsure) as trouble:
        again_at: datetime | None = getattr(trouble, "again_at", None)
        actions.note_measure_trouble(measure, str(trouble), again_at)
    else:
        actions.note_settled(measure, stands=wanted)


def way_to(channel: Channel) -> Moderates | None:
    """None: only a person gets there, as where the channel is closed."""
    return channel.kind.moderates if channel.state != ChannelState.CLOSED else None


def lose(channel: Channel, trouble: SignInNeeded) -> None:
    with suppress(Refused):
        channel_actions.lose(channel, str(trouble))
