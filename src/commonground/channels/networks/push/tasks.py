"""What the clock does for notices. Each line is a thread of the worker; two workers have twice
as many, and none of them ever sends what another has in hand."""

from __future__ import annotations

from commonground.channels.networks.push.sending import (
    send_to_large,
    send_to_others,
    tidy_up,
)
from commonground.kit.clock import Lane, every

LINES = 6  # at a tenth of a second a notice, 60 a second
LINES_TO_OTHERS = 2


every(seconds=0.5, lane=Lane.LINES, hands=LINES)(send_to_large)
every(seconds=0.5, lane=Lane.LINES, hands=LINES_TO_OTHERS)(send_to_others)
every(seconds=600)(tidy_up)
