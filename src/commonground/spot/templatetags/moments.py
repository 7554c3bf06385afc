"""Moments in words."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.kit.words_for_time import lasting
from commonground.spot.models import Moment, Rumour
from commonground.spot.queries import Ahead, times_usual
from commonground.spot.states import RumourState, State

register = template.Library()

STATES = {
    State.OPEN: gettext_lazy("open"),
    State.ACTED: gettext_lazy("answered"),
    State.JOINED: gettext_lazy("joined"),
    State.PASSED: gettext_lazy("passed"),
    State.MERGED: gettext_lazy("merged"),
    State.MISSED: gettext_lazy("missed"),
}


@register.filter
def headline(moment: Moment) -> str:
    """Talk about partner violence: 14 times as much as usual."""
    times = times_usual(moment)
    told = {"about": moment.label, "count": moment.count, "time": window(moment)}
    if times is None or times > 1000:
        return (
            _("Talk about “%(about)s”: %(count)d posts in %(time)s, where there are usually none")
            % told
        )
    told["times"] = number_format(times, 0 if times >= 10 else 1)
    return _("Talk about “%(about)s” is rising: %(times)s times as much as usual") % told


@register.filter
def has_a_usual(moment: Moment) -> bool:
    """Whether anything is usually said about it: "usual is 0.0" would only puzzle people."""
    return times_usual(moment) is not None


@register.filter
def window(moment: Moment) -> str:
    """The stretch of time in which it stood out: 1 h, 15 min."""
    return lasting(timedelta(minutes=moment.scale_minutes))


RUMOURS = {
    RumourState.HEARD: gettext_lazy("nobody has looked yet"),
    RumourState.CHECKING: gettext_lazy("being checked"),
    RumourState.TRUE: gettext_lazy("it is so"),
    RumourState.FALSE: gettext_lazy("it is not so"),
    RumourState.UNKNOWN: gettext_lazy("cannot be known"),
}


@register.filter
def rumour_words(rumour: Rumour) -> str:
    return str(RUMOURS[RumourState(rumour.state)])


@register.filter
def attention(ahead: Ahead) -> str:
    """How much of the attention is still ahead: from and to, or why nobody can say."""
    if ahead.between is None:
        return _(
            "Attention still ahead: not known yet. It takes %(needed)d earlier moments that were"
            " still talked about at this age; there are %(told_by)d."
        ) % {"needed": ahead.needed, "told_by": ahead.told_by}
    low, high = (round(100 * share) for share in ahead.between)
    if low == high:
        return _("Attention still ahead: about %(low)d %%, as earlier moments went.") % {"low": low}
    told = {"low": low, "high": high}
    return _("Attention still ahead: %(low)d to %(high)d %%, as earlier moments went.") % told


@register.filter
def state_words(moment: Moment) -> str:
    return str(STATES[State(moment.state)])
