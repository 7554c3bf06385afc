"""Our pictures that the public saw, found by their bytes or by what they look like."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from commonground.agency.models import Agency
from commonground.protect.engine.portraits import ALIKE, distance
from commonground.say.models import Attachment, Delivery, Look
from commonground.say.queries.said import seen_in_public
from commonground.say.states import DeliveryState


def shown(agency: Agency) -> QuerySet[Attachment]:
    """Pictures of posts that somebody could see."""
    return Attachment.objects.filter(post__in=seen_in_public(agency).values("variant__post"))


def without_a_look(most: int) -> list[tuple[str, bytes]]:
    """Pictures of ours that went out and cannot be found yet, each once, so many at most."""
    sent = Delivery.objects.filter(state=DeliveryState.SENT).values("variant__post")
    rows = Attachment.objects.filter(post__in=sent)
    new = rows.exclude(sha256__in=Look.objects.values("sha256"))
    known = dict(new.order_by("pk").values_list("sha256", "pk")[:most])
    return [(a.sha256, bytes(a.content)) for a in Attachment.objects.filter(pk__in=known.values())]


def the_very(agency: Agency, digest: str) -> Attachment | None:
    return shown(agency).filter(sha256=digest).select_related("post").first()


def the_likest(agency: Agency, look: str) -> Attachment | None:
    """The picture of ours that looks most like this; None where none comes near."""
    ours: Iterable[tuple[str, str]] = Look.objects.filter(
        sha256__in=shown(agency).values("sha256")
    ).values_list("sha256", "print")
    found = min(((distance(look, print_), digest) for digest, print_ in ours), default=(999, ""))
    return the_very(agency, found[1]) if found[0] <= ALIKE else None


def first_delivery(agency: Agency, picture: Attachment) -> Delivery | None:
    sent = seen_in_public(agency).filter(variant__post=picture.post_id)
    return sent.order_by("seen_at").first()
