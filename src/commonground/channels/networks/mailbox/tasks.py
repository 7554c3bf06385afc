"""What the clock does for a mailbox: takes answers to the mail server, and forgets."""

from __future__ import annotations

from commonground.channels.networks.mailbox.sending import send_some, tidy_up
from commonground.kit.clock import Lane, every

every(seconds=0.5, lane=Lane.LINES)(send_some)
every(seconds=600)(tidy_up)
