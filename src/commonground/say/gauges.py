"""What SAY tells whoever watches the desk."""

from __future__ import annotations

from django.db.models import Count, Min

from commonground.kit.clock import database_now
from commonground.kit.watching import Signs, gauge, lives
from commonground.say.models import Delivery, Post, Shift
from commonground.say.states import DeliveryState, State


@lives("worker")
def workers() -> Signs:
    """Those that began a shift, and have neither ended it nor been relieved as dead."""
    rows = Shift.objects.filter(ended_at=None).values_list("host", "pid", "seen_at")
    return Signs(needed=True, seen={f"{host}:{pid}": at for host, pid, at in rows})


@gauge("deliveries", "Deliveries by state; sent means that each was seen in public.", label="state")
def deliveries() -> dict[str, float]:
    rows = Delivery.objects.values_list("state").annotate(n=Count("pk")).order_by()
    return {state.value: 0.0 for state in DeliveryState} | dict(rows)


@gauge(
    "oldest_unproven_delivery_seconds",
    "How long ago the oldest delivery was due that was neither seen in public nor given up; "
    "0 where none is. Promised: 300, and 60 for urgent posts.",
)
def oldest_unproven() -> float:
    now = database_now()
    # What a person withdrew or holds is where they want it; what waits for its hour is not late.
    rows = Delivery.objects.unfinished().filter(due_at__lte=now)
    rows = rows.exclude(variant__post__state__in=[State.WITHDRAWN, State.HELD])
    oldest = rows.aggregate(at=Min("due_at"))["at"]
    return (now - oldest).total_seconds() if oldest else 0.0


@gauge(
    "deliveries_needing_a_person",
    "Deliveries that did not arrive, or cannot be taken back, and that nobody has taken on yet.",
)
def needing_a_person() -> float:
    return Delivery.objects.needing_a_person().count()


@gauge("deliveries_untold", "Of those, the ones of which nobody was told yet although it is time.")
def untold() -> float:
    return Delivery.objects.to_tell(database_now()).filter(told=0).count()


@gauge("posts", "Posts on their way from draft to published, by state.", label="state")
def posts() -> dict[str, float]:
    on_the_way = [State.IN_REVIEW, State.APPROVED, State.SCHEDULED, State.PUBLISHING, State.HELD]
    rows = Post.objects.filter(state__in=on_the_way).values_list("state").annotate(n=Count("pk"))
    return {state.value: 0.0 for state in on_the_way} | dict(rows.order_by())
