"""Times as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

MINUTE, HOUR, DAY = 60, 3600, 86_400


def lasting(length: timedelta) -> str:
    """How long something lasts. Under three days to the minute, above that to the day."""
    seconds = int(abs(length.total_seconds()))
    if seconds < MINUTE:
        return _("less than a minute")
    if seconds < HOUR:
        return _("%(minutes)d min") % {"minutes": seconds // MINUTE}
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    if hours < 3 * 24 + 1:
        if hours >= 10 or not minutes:
            return _("%(hours)d h") % {"hours": hours}
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    days = seconds // DAY
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def ago(at: datetime) -> str:
    """How far from now, before or after."""
    distance = timezone.now() - at
    if abs(distance) < timedelta(minutes=1):
        return _("just now")
    if distance > timedelta(0):
        return _("%(time)s ago") % {"time": lasting(distance)}
    return _("in %(time)s") % {"time": lasting(distance)}
