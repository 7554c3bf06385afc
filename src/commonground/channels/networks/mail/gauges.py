"""How many letters wait, for whoever watches the desk."""

from __future__ import annotations

from commonground.channels.line.readers.models import Fate
from commonground.channels.networks.mail.models import Recipient
from commonground.kit.watching import gauge


@gauge("letters_waiting", "Letters that are to leave, or are leaving: one for each reader.")
def waiting() -> float:
    return Recipient.objects.filter(fate__in=[Fate.WAITING, Fate.HANDING]).count()
