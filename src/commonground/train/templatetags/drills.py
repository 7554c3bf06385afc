"""What a drill is told in: its minutes, its moods, and the lines of its score, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import template
from django.utils.translation import get_language, gettext as _, ngettext

from commonground.train.engine.plan import Told, in_language
from commonground.train.engine.scoring import Line

register = template.Library()
HOUR = 60


@register.filter
def spoken(told: Told) -> str:
    """In the reader's language, where the drill is written in it."""
    return in_language(told, get_language() or "")


@register.filter
def drill_minute(minute: float) -> str:
    """A minute of the drill as hours and minutes since it began."""
    hours, minutes = divmod(int(minute), HOUR)
    return f"{hours}:{minutes:02}"


def lasting(minutes: float) -> str:
    """So many minutes of the drill, in words."""
    if minutes < 2 * HOUR:
        return ngettext("%(n)d minute", "%(n)d minutes", round(minutes)) % {"n": round(minutes)}
    hours = round(minutes / HOUR)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


@register.filter
def drill_length(minutes: float) -> str:
    return lasting(minutes)


@register.filter
def line_title(line: Line) -> str:
    """What a line of the score is about."""
    return TITLES[line.name]()


@register.filter
def inject_kind(kind: str) -> str:
    return KINDS[kind]()


@register.filter
def line_words(line: Line) -> str:
    """What a line of the score says, in one sentence or two."""
    return SAYS[line.name](line.figures)


def first_words(figures: Mapping[str, Any]) -> str:
    within = lasting(figures["target"])
    if figures["minutes"] is None:
        return _("Nothing useful was said to everybody. Aim for the first %(within)s.") % {
            "within": within
        }
    named = {"after": lasting(figures["minutes"]), "within": within}
    return _("The first useful words came after %(after)s; the aim is %(within)s.") % named


def rumours(figures: Mapping[str, Any]) -> str:
    within = lasting(figures["target"])
    if not figures["corrected"]:
        return _("No rumour was put right. The aim is %(within)s.") % {"within": within}
    named = {**figures, "after": lasting(figures["minutes"]), "within": within}
    return _(
        "%(corrected)d of %(of)d rumours put right, the last after %(after)s;"
        " the aim is %(within)s."
    ) % named  # fmt: skip


def tone(figures: Mapping[str, Any]) -> str:
    if figures["stops"]:
        said = _("Posts that held something that must not go out: %(stops)d of %(posts)d.")
        return said % figures
    if not figures["remarks"]:
        return _("The coach had nothing left to remark.")
    return _("Remarks of the coach that were left standing: %(remarks)d.") % figures


def takeover(figures: Mapping[str, Any]) -> str:
    if figures["minutes"] is None:
        return _("Nobody said on the desk that the post is not ours. Look at the alarm.")
    return _("The post that is not ours was found and disowned after %(after)s.") % {
        "after": lasting(figures["minutes"])
    }


def stopped(figures: Mapping[str, Any]) -> str:
    if figures["minutes"] is None:
        return _("Nobody stopped everything while somebody else could speak in our name.")
    return _("Everything was stopped after %(after)s.") % {"after": lasting(figures["minutes"])}


SAYS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "first_words": first_words,
    "resources": lambda f: _(
        "%(given)d of the %(fitting)d resources that fit were shared; %(enough)d are enough."
    ) % f,
    "facts": lambda f: _("%(said)d of %(of)d things that people needed to know were said.") % f,
    "unknown": lambda f: (
        _("It was said that something is not known yet.") if f["said"]
        else _("Nobody said what is not known yet.")
    ),
    "rumours": rumours,
    "approvals": lambda f: (
        _("Posts that went out without a second person: %(alone)d of %(of)d.") % f if f["alone"]
        else _("A second person read everything that went out.")
    ),
    "tone": tone,
    "questions": lambda f: _(
        "%(answered)d of %(of)d questions were answered, %(in_time)d of them in time."
    ) % f,
    "takeover": takeover,
    "stopped": stopped,
    "needless_stop": lambda f: _("Everything was stopped though nobody spoke in our name."),
    "crowd": lambda f: _("The crowd's tone was %(crowd)s on a scale from -1 to 1.") % f,
}  # fmt: skip

TITLES: dict[str, Callable[[], str]] = {
    "first_words": lambda: _("First useful words"),
    "resources": lambda: _("Help that was shared"),
    "facts": lambda: _("What people needed to know"),
    "unknown": lambda: _("What is not known yet"),
    "rumours": lambda: _("Rumours put right"),
    "approvals": lambda: _("Two people each time"),
    "tone": lambda: _("How it sounded"),
    "questions": lambda: _("Questions answered"),
    "takeover": lambda: _("The post that is not ours"),
    "stopped": lambda: _("Stop everything"),
    "needless_stop": lambda: _("Stopped without need"),
    "crowd": lambda: _("The crowd"),
}
KINDS: dict[str, Callable[[], str]] = {
    "media": lambda: _("News"),
    "call": lambda: _("A call"),
    "public": lambda: _("Somebody in the city"),
    "rumour": lambda: _("A rumour"),
    "takeover": lambda: _("A post on our account that is not ours"),
}
