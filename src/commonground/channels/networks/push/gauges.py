"""How many notices wait, for whoever watches the desk."""

from __future__ import annotations

from commonground.channels.line.readers.models import Fate
from commonground.channels.networks.push.models import Handover
from commonground.kit.watching import gauge


@gauge("notices_waiting", "Notices that are to leave, or are leaving: one for each reader.")
def waiting() -> float:
    return Handover.objects.filter(fate__in=[Fate.WAITING, Fate.HANDING]).count()
