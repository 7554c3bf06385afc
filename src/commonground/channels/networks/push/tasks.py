"""What the clock does for notices. Each line is a thread of the worker; two workers have twice
as many, and none of them ever sends what another has in hand."""

from __future__ import annotations

from commonground.channels.networks.push.sending import send_some, tidy_up
from commonground.kit.clock import every

LINES = 4  # at a tenth of a second a notice, 40 a second


for _number in range(LINES):
    every(seconds=0.5)(send_some)
every(seconds=600)(tidy_up)
