"""What is said of a channel that somebody must sign in."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commonground.channels.models import Channel
from commonground.channels.states import State

register = template.Library()


@register.filter
def sign_in_words(channel: Channel) -> str:
    """One sentence: what happens if nobody does."""
    if channel.state == State.SIGN_IN or channel.signed_in_until is None:
        words = _("%(channel)s no longer lets us in: its posts wait until somebody signs it in.")
        return words % {"channel": channel.name}
    day = date_format(timezone.localtime(channel.signed_in_until), "DATE_FORMAT")
    words = _("The sign-in of %(channel)s ends on %(day)s: then its posts wait.")
    return words % {"channel": channel.name, "day": day}
