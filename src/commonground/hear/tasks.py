"""What the clock does in HEAR: forget, and stop listening for what has had its time."""

from __future__ import annotations

from commonground.hear import actions
from commonground.hear.models import Topic
from commonground.kit.clock import every
from commonground.kit.refusals import MovedOn


@every(60)
def delete_due_overheard() -> None:
    """The deletion time on the page is a promise: it is kept to the minute."""
    actions.forget_overheard()


@every(60)
def end_what_expired() -> None:
    """From its last minute on nothing is matched; this writes it down."""
    for topic in Topic.objects.run_out():
        try:
            actions.expire_topic(topic)
        except MovedOn:
            continue  # a person ended it in this very second
