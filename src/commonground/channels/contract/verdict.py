"""What an answer, or the lack of one, means for a delivery."""

from __future__ import annotations

from datetime import datetime

from commonground.channels.contract import Busy, Declined, SignInNeeded, Unsure

REASON = 200  # characters of somebody else's words that we show

LOST = 0  # the request left this machine, and no answer came
NOT_SENT = -1  # it never left


def verdict(status: int, why: str, *, acting: bool, again_at: datetime | None = None) -> Exception:
    """The one of the three ways to fail that is true of this answer.

    `acting` is whether the request would have changed something in public. Then an
    answer that nobody gave on purpose - a crash, a gateway, nonsense - leaves us unsure.
    Looking never does: we may simply look again.
    """
    why = tidy(why)
    if status in (401, 403):
        return SignInNeeded(why or "The network does not let this channel in.")
    if status == NOT_SENT or status == 429 or 300 <= status < 400:
        return Busy(why or "The network cannot take it now.", again_at)
    if 400 <= status < 500 and status != 408:
        return Declined(why or f"The network refused it (answer {status}).")
    if acting:
        return Unsure(why or "The network was asked, and gave no proper answer.")
    return Busy(why or "The network gave no proper answer.", again_at)


def tidy(words: str) -> str:
    """Somebody else's words, fit to be shown: one line, no tricks, not too long."""
    seen = "".join(c if c.isprintable() else " " for c in words)
    return " ".join(seen.split())[:REASON]
