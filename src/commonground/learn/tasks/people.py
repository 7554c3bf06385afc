"""What the clock does in LEARN: rounds of the pulse end, are counted, and are forgotten; networks
are asked what came of our posts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from commonground.channels.contract import Busy, Declined, Login
from commonground.channels.contract.reach import Reach
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.channels.states import State as ChannelState
from commonground.kit.clock import Lane, database_now, every, on_its_own
from commonground.learn import actions, queries
from commonground.learn.models import Pulse
from commonground.learn.states import PulseState

type Asks = Callable[[Login, Sequence[str]], Mapping[str, Reach]]


@every(15)
def end_pulses() -> None:
    for pulse in Pulse.objects.over().select_related("agency"):
        with on_its_own(pulse.agency.language):
            actions.end_pulse(pulse)


@every(15)
def count_pulses() -> None:
    """Whoever answers holds the round's row: once it is closed, no answer is on its way."""
    for pulse in Pulse.objects.filter(state=PulseState.CLOSED).select_related("census", "agency"):
        with on_its_own(pulse.agency.language):
            actions.count_pulse(pulse)


@every(3600)
def forget_pulses() -> None:
    """What may not be kept: networks after 48 hours, single answers 30 days after counting."""
    actions.forget_networks()
    for pulse in Pulse.objects.to_forget().select_related("agency"):
        with on_its_own(pulse.agency.language):
            actions.forget_answers(pulse)


@every(30, Lane.NETWORKS)
def ask_what_came_of_it() -> None:
    """Of the channels whose network tells, a few posts each."""
    telling = [name for name, kind in networks().items() if kind.reach]
    ready = Channel.objects.filter(network__in=telling, state=ChannelState.READY, drill=False)
    ready = ready.select_related("agency")
    for channel in ready.filter(queries.has_something_to_ask(database_now())):
        if channel.kind.reach:
            with on_its_own(channel.agency.language):
                ask_channel(channel, channel.kind.reach)


def ask_channel(channel: Channel, reach: Asks) -> None:
    asked = actions.take_to_ask(channel)
    if not asked:
        return
    try:
        told = reach(channel.login(), [one.delivery.network_id for one in asked])
    except (Declined, Busy) as trouble:
        actions.note_unknown(asked, str(trouble))
    else:
        actions.keep_reach(asked, told)
