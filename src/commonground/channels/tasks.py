"""What the clock does for CHANNELS: asks each network, now and then, whether it still knows us,
and deletes what may not be kept of people elsewhere."""

from __future__ import annotations

from django.utils import timezone

from commonground.channels import actions
from commonground.channels.networks.fediverse.models import forget_the_old
from commonground.kit.clock import every


# One channel a round: a network that hangs for its thirty seconds must not hold up the
# posts of the others. Each channel's own turn comes every fifteen minutes.
@every(seconds=5)
def prove_channels() -> None:
    actions.prove_next()


@every(seconds=3600)
def forget() -> None:
    forget_the_old(timezone.now())
