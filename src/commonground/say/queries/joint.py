"""What agencies at a joint desk see of each other's posts: what each of them chose, never a draft,
never an answer to one person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from commonground.say.models import Post
from commonground.say.states import DeliveryState, State
from commonground.spot.models import Shown
from commonground.spot.queries.joint import Seat

PUBLIC = [State.PUBLISHED]
APPROVED = [*PUBLIC, State.APPROVED, State.SCHEDULED, State.HELD, State.PUBLISHING]
SEEN: Mapping[Shown, list[State]] = {
    Shown.PUBLISHED: PUBLIC,
    Shown.APPROVED: APPROVED,
    Shown.IN_REVIEW: [*APPROVED, State.IN_REVIEW],
}


def shared_posts(seat: Seat, *, mine: bool = False) -> QuerySet[Post]:
    """The posts of one agency about the moment, the newest change first. `mine`: as its own people
    see them, from review on, whatever the others see."""
    seen = SEEN[Shown.IN_REVIEW if mine else seat.shows]
    # What was public and taken back, or failed somewhere, others must not go on repeating.
    was_public = Q(
        state__in=[State.WITHDRAWN, State.FAILED],
        variants__deliveries__state=DeliveryState.SENT,
    )
    about = Post.objects.filter(agency=seat.agency, moment=seat.moment, answers="")
    return about.filter(Q(state__in=seen) | was_public).distinct().order_by("-changed_at")
