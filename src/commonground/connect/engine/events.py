"""What other programs can be told of: an act of the record, by a name that stays."""

from __future__ import annotations

from collections.abc import Iterable

TEST = "test"
# The event, and the kind and the verb by which the record calls it. The words are the record's:
# what is told is what was written down, no more and no less.
ACTS: dict[str, list[tuple[str, str]]] = {
    "post.submitted": [("post", "submit")],
    "post.approved": [("post", "approve")],
    "post.approved_alone": [("post", "break_glass")],
    "post.held": [("post", "hold"), ("post", "brake")],
    "post.published": [("post", "finish")],
    "post.failed": [("post", "fail"), ("post", "lapse")],
    "post.withdrawn": [("post", "withdraw")],
    "delivery.seen": [("delivery", "see"), ("delivery", "confirm")],
    "delivery.unsure": [("delivery", "lose_sight"), ("delivery", "hand_over")],
    "delivery.declined": [("delivery", "decline"), ("delivery", "rule_out")],
    "delivery.late": [("delivery", "pass_by")],
    "delivery.gone": [("delivery", "note_withdrawn")],
    "moment.opened": [("moment", "open_moment"), ("moment", "reopen")],
    "moment.closed": [
        ("moment", "act"), ("moment", "join"), ("moment", "dismiss"), ("moment", "merge"),
        ("moment", "settle"), ("moment", "miss"),
    ],
    "desk.stopped": [("hold", "stop")],
    "desk.started": [("hold", "lift")],
}  # fmt: skip
NAMED = {act: event for event, acts in ACTS.items() for act in acts}
EVENTS = list(ACTS)
# Where a program reads more, below the address of the API; a stop has no page of its own there.
PLACES = {"post": "posts", "delivery": "deliveries", "moment": "moments"}


def event_of(subject: str, verb: str) -> str:
    """The event an entry of the record is; "" where it is none."""
    return NAMED.get((subject.partition(":")[0], verb), "")


def verbs() -> list[str]:
    return sorted({verb for _kind, verb in NAMED})


def known(events: Iterable[str]) -> list[str]:
    """Those there are, in our order."""
    asked = set(events)
    return [event for event in EVENTS if event in asked]
