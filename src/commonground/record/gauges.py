"""What RECORD tells whoever watches the desk."""

from __future__ import annotations

from django.utils import timezone

from commonground.kit.watching import gauge
from commonground.record.models import Checkpoint, Head


@gauge("record_entries", "Entries of the record.")
def entries() -> float:
    return next(iter(Head.objects.values_list("count", flat=True)), 0)


@gauge(
    "record_unpublished_entries",
    "Entries after the last published checkpoint; there is one every five minutes.",
)
def unpublished() -> float:
    head = Head.objects.first()
    if head is None:
        return 0.0
    shown = Checkpoint.objects.filter(epoch=head.epoch).order_by("-size")
    return head.count - next(iter(shown.values_list("size", flat=True)[:1]), 0)


@gauge("record_checkpoint_age_seconds", "How old the last published checkpoint is.")
def age() -> float | None:
    at = Checkpoint.objects.order_by("-at").values_list("at", flat=True).first()
    return (timezone.now() - at).total_seconds() if at else None


@gauge(
    "record_trouble",
    "1 where the record may not go on (stopped), or was found broken when it was last walked.",
    label="what",
)
def trouble() -> dict[str, float]:
    head = Head.objects.first() or Head()
    return {"stopped": float(bool(head.stopped)), "broken": float(bool(head.trouble))}
