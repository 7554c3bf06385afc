"""What the clock does in SPOT: close what ran out."""

from __future__ import annotations

from commonground.kit.clock import every
from commonground.kit.refusals import MovedOn
from commonground.spot import actions
from commonground.spot.models import Moment


@every(60)
def miss_what_ran_out() -> None:
    """Moments whose clock ran out in silence are missed, and the record says so."""
    for moment in Moment.objects.run_out():
        try:
            actions.settle(moment) if moment.first_word_at else actions.miss(moment)
        except MovedOn:
            continue  # a person closed it in this very second
