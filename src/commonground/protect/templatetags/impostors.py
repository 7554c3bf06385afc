"""Accounts that resemble us, in sentences; and where each network is told of them."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _now, gettext_lazy as _

from commonground.channels.networks import networks
from commonground.protect.engine.impostors import Likeness, mixes_alphabets
from commonground.protect.models import Impostor
from commonground.protect.states import Case

register = template.Library()

LIKENESS = {
    Likeness.WAS_OURS: _("It bears the name of an account that we closed."),
    Likeness.SAME_NAME: _("It bears our name, letter by letter, in another place."),
    Likeness.LOOKS: _("Its name looks like ours, and is written with other letters."),
    Likeness.ADDED: _("It bears our name with a word that only promises, such as “official”."),
    Likeness.NEAR: _("Its name differs from ours by a letter or two."),
    Likeness.CALLED: _("It calls itself what we are called."),
    Likeness.DOMAIN: _("It uses a domain that passes for ours."),
    Likeness.TOLD: _("A member came across it."),
}
STATES = {
    Case.FOUND: _("nobody has looked yet"),
    Case.LOOKED: _("somebody looks at it"),
    Case.HARMLESS: _("not ours, and harmless"),
    Case.REPORTED: _("reported to its network"),
    Case.GONE: _("gone"),
    Case.KEPT: _("its network lets it stand"),
}
NEXT = {
    Case.FOUND: _("Look at it, and say what it is."),
    Case.LOOKED: _("Say what it is: harmless, or pretending to be us."),
    Case.REPORTED: _("Look whether its network has answered, and write down what it said."),
}
# Where a network takes reports of false accounts; elsewhere, from the account's own page.
REPORTED_AT = {
    "mastodon": _(
        "On its page: the menu with three dots, Report. Its server’s moderators read it."
    ),
    "bluesky": _(
        "On its page: the menu with three dots, Report account, Misleading, Impersonation."
    ),
    "x": _("On its page: the menu with three dots, Report, Impersonation."),
    "facebook": _(
        "On its page: the menu with three dots, Report, Fake or pretending to be somebody."
    ),
    "instagram": _(
        "On its page: the menu with three dots, Report, It pretends to be someone else."
    ),
    "threads": _("On its page: the menu with three dots, Report, It pretends to be someone else."),
    "linkedin": _("On its page: the menu with three dots, Report, Fake account or impersonation."),
}
ELSEWHERE = _("Look on its page for “Report”, and choose that it pretends to be somebody else.")


@register.filter
def likeness_words(case: Impostor) -> str:
    return str(LIKENESS[Likeness(case.likeness)])


@register.filter
def case_state(case: Impostor) -> str:
    return str(STATES[Case(case.state)])


@register.filter
def next_step(case: Impostor) -> str:
    return str(NEXT.get(Case(case.state), ""))


@register.filter
def case_title(case: Impostor) -> str:
    if case.forgotten:
        return _now("An account that was harmless, and whose name is forgotten")
    return _now("%(handle)s could pass for us") % {"handle": case.handle or case.called}


@register.filter
def mixed(case: Impostor) -> bool:
    return mixes_alphabets(case.handle) or mixes_alphabets(case.called)


@register.filter
def network_label(case: Impostor) -> str:
    kind = networks().get(case.network)
    return kind.label if kind else case.network


@register.filter
def where_to_report(case: Impostor) -> str:
    return str(REPORTED_AT.get(case.network, ELSEWHERE))
