"""What the clock does for the list. Each line is a thread of the worker; two workers have twice
as many, and none of them ever sends what another has in hand."""

from __future__ import annotations

from commonground.channels.networks.mail.sending import send_own, send_some, tidy_up
from commonground.kit.clock import Lane, every

LINES = 3  # at a tenth of a second a letter, 30 a second


for _number in range(LINES):
    every(seconds=0.5, lane=Lane.LINES)(send_some)
every(seconds=2, lane=Lane.MAIL)(send_own)
every(seconds=600)(tidy_up)
