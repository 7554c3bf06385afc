"""Moments in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _, gettext_lazy

from commonground.kit.charts import Range
from commonground.kit.words_for_time import lasting
from commonground.spot.engine.exchange import CONTACT
from commonground.spot.models import Moment, Rumour
from commonground.spot.queries import Ahead, Figure, times_usual
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
    if moment.topic == CONTACT:
        return _("People share an exchange with us: %(count)d posts in %(time)s") % {
            "count": moment.count,
            "time": window(moment),
        }
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
def about_us(moment: Moment) -> bool:
    """Whether people share an exchange with us that went badly: a class of its own."""
    return moment.topic == CONTACT


@register.filter
def topic_words(moment: Moment) -> str:
    return _("contact with us") if moment.topic == CONTACT else moment.topic


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


FIGURES = {
    "recall": gettext_lazy("Found within 6 hours"),
    "median_delay_minutes": gettext_lazy("Found after, in the middle"),
    "label_match": gettext_lazy("Named with its own words"),
    "resource_match": gettext_lazy("The right help offered first"),
    "further_moments": gettext_lazy("Further moments of the same event"),
}


@register.filter
def figure_words(figure: Figure) -> str:
    return str(FIGURES.get(figure.name, figure.name))


@register.simple_tag
def figure(figure: Figure, part: str = "value") -> str:
    """One end or the middle of a figure, in its own unit; what is not known says so."""
    value = getattr(figure, part)
    if value is None:
        return _("not known")
    if figure.a_share:
        return _("%(n)d %%") % {"n": round(100 * value)}
    if figure.name.endswith("_minutes"):
        return lasting(timedelta(minutes=value))
    return number_format(value, 2)


@register.inclusion_tag("kit/parts/ranges.html")
def shares(figures: Sequence[Figure], title: str) -> dict[str, object]:
    """The shares among the figures, drawn from 0 to 100 %."""
    rows = [
        Range(str(figure_words(f)), f.value, f.low, f.high)
        for f in figures
        if f.a_share and f.value is not None
    ]
    return {"rows": rows, "title": title}


@register.filter
def state_words(moment: Moment) -> str:
    return str(STATES[State(moment.state)])
