"""Everything we said that the public could see, and the proof of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from commonground.agency.models import Agency
from commonground.channels.networks import networks
from commonground.record.models import Entry, name_of
from commonground.say.models import Delivery, Post
from commonground.say.states import DeliveryState, State


@dataclass(frozen=True, slots=True)
class Proof:
    """One post of ours on one channel."""

    delivery: Delivery
    entry: Entry | None  # of the record, when the desk saw it in public

    @property
    def taken_back(self) -> bool:
        return self.delivery.variant.post.state == State.WITHDRAWN


def seen_in_public(agency: Agency) -> QuerySet[Delivery]:
    ours = Delivery.objects.filter(agency=agency, state=DeliveryState.SENT)
    public = ours.filter(variant__channel__drill=False, agency__drill=False)
    # What was written to one person alone is nobody else's: not even that it was said.
    alone = [name for name, kind in networks().items() if kind.private]
    public = public.exclude(variant__channel__network__in=alone)
    return public.select_related("variant__post", "variant__channel")


def as_of(agency: Agency) -> tuple[int, datetime | None]:
    """What changes whenever there is more to know."""
    found = seen_in_public(agency).aggregate(n=Count("pk"), at=Max("seen_at"))
    return found["n"], found["at"]


type Named = tuple[UUID, int, bool]  # a delivery, which of its languages, with its headline


def texts(agency: Agency) -> Iterator[tuple[Named, str]]:
    """Each text once with its headline and once without: people copy either. In each of its
    languages, for a translation of ours is ours."""
    rows = seen_in_public(agency).order_by("-seen_at")
    said = ("pk", "variant__title", "variant__text", "variant__also")
    for pk, own_title, own_text, also in rows.values_list(*said):
        others = [(row.get("title", ""), row.get("text", "")) for row in also]
        for n, (title, text) in enumerate([(own_title, own_text), *others]):
            yield (pk, n, False), text
            if title and not text.startswith(title):
                yield (pk, n, True), f"{title}\n{text}"


def proofs_of(delivery: Delivery) -> list[Proof]:
    """Everywhere that the same post says the same words, the first first."""
    same = seen_in_public(delivery.agency).filter(
        variant__post=delivery.variant.post_id, variant__text=delivery.variant.text
    )
    return [Proof(one, entry_of(one)) for one in same.order_by("seen_at")]


def entry_of(delivery: Delivery) -> Entry | None:
    return Entry.objects.filter(verb="see", subject=name_of(delivery)).order_by("number").first()


def corrections_of(post: Post) -> list[Post]:
    return list(post.corrections.filter(state=State.PUBLISHED))
