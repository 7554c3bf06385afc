"""Makes our published pictures findable by what they look like."""

from __future__ import annotations

from commonground.protect.engine.portraits import print_of
from commonground.say.engine.pictures import flattened, opened
from commonground.say.models import Look
from commonground.say.queries.pictured import without_a_look

AT_ONCE = 20  # pictures a round: each is decoded whole


def learn_looks() -> int:
    """The look of pictures that were published since. They are ours: drawn anew by us."""
    made = [
        Look(sha256=digest, print=print_of(flattened(opened(content))))
        for digest, content in without_a_look(AT_ONCE)
    ]
    Look.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
