"""What PROTECT tells whoever watches the desk."""

from __future__ import annotations

from commonground.kit.watching import gauge
from commonground.protect.models import Alarm, Hold


@gauge("stopped", "Agencies that stopped everything, and have not gone on.")
def stopped() -> float:
    return Hold.objects.standing().values("agency").distinct().count()


@gauge("alarms_open", "Alarms about accounts of ours that nobody has settled.")
def alarms() -> float:
    return Alarm.objects.open().count()
