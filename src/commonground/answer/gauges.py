"""What ANSWER tells whoever watches the desk."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from commonground.answer.models import Conversation, Line
from commonground.kit.watching import gauge

# An account that answers is asked at least twice a minute.
LONG = timedelta(minutes=10)


@gauge(
    "accounts_heard", "Accounts on which we hear people, and of these silent ones.", label="state"
)
def lines() -> dict[str, float]:
    silent = Q(heard_at=None) | Q(heard_at__lte=timezone.now() - LONG)
    return {
        "all": Line.objects.count(),
        "silent": Line.objects.filter(silent).count(),
        "in_trouble": Line.objects.exclude(trouble="").count(),
    }


@gauge("conversations_open", "Conversations with people that are not closed.")
def conversations() -> float:
    return Conversation.objects.open().count()
