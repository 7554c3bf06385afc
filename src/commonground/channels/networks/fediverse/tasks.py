"""What the clock does for our fediverse account: deletes what may not be kept of people."""

from __future__ import annotations

from django.utils import timezone

from commonground.channels.networks.fediverse.models import forget_the_old
from commonground.kit.clock import every


@every(seconds=3600)
def forget() -> None:
    forget_the_old(timezone.now())
