"""Alarms as sentences."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from commonground.protect.engine.health import Fault
from commonground.protect.engine.lookout import What
from commonground.protect.models import Alarm
from commonground.protect.states import State

register = template.Library()

WORDS = {
    What.FOREIGN: _("A post stands on %(channel)s that this desk did not send"),
    What.TWICE: _("A post of ours stands on %(channel)s twice"),
    What.ALTERED: _("A post of ours on %(channel)s says something else now"),
    What.GONE: _("A post of ours is gone from %(channel)s, and this desk did not remove it"),
}
FAULTS = {
    Fault.UNPROVED: _("A proof that it is ours is broken. See below which, and since when."),
    Fault.UNCHECKED: _("Nobody has looked for 30 days how it is kept."),
    Fault.NO_FACTOR: _("It has no second factor."),
    Fault.LEAVER: _("Somebody who has left can still sign in there. Change its password."),
    Fault.NOBODY: _("None of our members is known to be able to sign in there."),
    Fault.BY_TEXT: _("Its second factor comes by text message. Choose a passkey or an app."),
    Fault.NO_RECOVERY: _("Its recovery address is not the agency’s, or reaches nobody."),
    Fault.ONE_PERSON: _("Only one person can sign in there. If they are away, nobody can."),
}
STATES = {
    State.OPEN: _("open: nobody has said yet what it was"),
    State.EXPLAINED: _("explained"),
    State.DISOWNED: _("not us"),
}


@register.filter
def alarm_words(alarm: Alarm) -> str:
    return str(WORDS[What(alarm.what)]) % {"channel": alarm.channel.name}


@register.filter
def alarm_state(alarm: Alarm) -> str:
    return str(STATES[State(alarm.state)])


@register.filter
def fault_words(fault: Fault) -> str:
    return str(FAULTS[fault])
