"""What CONNECT tells whoever watches the desk."""

from __future__ import annotations

from django.utils import timezone

from commonground.connect.models import Notice
from commonground.kit.watching import gauge


@gauge("program_notices_waiting", "What other programs were to be told, and did not hear yet.")
def waiting() -> float:
    running = Notice.objects.waiting()
    return running.filter(webhook__paused_at=None, webhook__closed_at=None).count()


@gauge("oldest_program_notice_seconds", "How old the oldest of these is.")
def oldest() -> float:
    running = Notice.objects.waiting().filter(webhook__paused_at=None, webhook__closed_at=None)
    at = running.order_by("at").values_list("at", flat=True).first()
    return (timezone.now() - at).total_seconds() if at else 0.0
