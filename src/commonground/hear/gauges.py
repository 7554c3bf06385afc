"""What HEAR tells whoever watches the desk."""

from __future__ import annotations

from django.utils import timezone

from commonground.hear.models import Source, SourceKind
from commonground.hear.queries import UNSEEN, heartbeat
from commonground.kit.watching import Signs, gauge, lives, seen


@lives("listener")
def listeners() -> Signs:
    """Needed as soon as one source is on."""
    on = Source.objects.filter(on=True).exclude(kind=SourceKind.REPLAY).values_list("pk")
    return Signs(needed=on.exists(), seen=seen("listener"))


@gauge("sources", "Sources we listen to: on, and of these silent, or in trouble.", label="state")
def sources() -> dict[str, float]:
    now = timezone.now()
    rows = Source.objects.filter(on=True).exclude(kind=SourceKind.REPLAY).defer(*UNSEEN)
    beats = [heartbeat(source, now) for source in rows]
    return {
        "on": len(beats),
        "silent": sum(beat.silent for beat in beats),
        "in_trouble": sum(bool(beat.source.trouble) for beat in beats),
    }
