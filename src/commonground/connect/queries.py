"""Reads of programs that pages and the API share."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.connect.models import Notice, Token, Webhook
from commonground.record.models import Head


def newest() -> int:
    """How far the record goes."""
    return Head.objects.values_list("count", flat=True).first() or 0


def tokens_of(agency: Agency) -> QuerySet[Token]:
    return agency.tokens.select_related("member", "made_by")


def webhooks_of(agency: Agency) -> QuerySet[Webhook]:
    """Those that are told, with how much waits to be told and what was told last."""
    waits = Count("notices", filter=Q(notices__told_at=None, notices__given_up_at=None))
    told = Max("notices__told_at")
    rows = agency.webhooks.open().select_related("owner")
    return rows.annotate(waits=waits, last_told=told).order_by("name")


def last_notices(webhook: Webhook, most: int = 50) -> list[Notice]:
    return list(webhook.notices.order_by("-at", "-pk")[:most])


def who_answers(webhook: Webhook) -> list[Member]:
    """Its owner; where they left, the administrators."""
    if webhook.owner.is_active:
        return [webhook.owner]
    ours = webhook.agency.members.filter(is_active=True, role_rows__role=Role.ADMIN)
    return list(ours.order_by("name"))
