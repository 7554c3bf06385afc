"""What the register says of one account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import template
from django.utils import timezone

from commonground.channels.models import Channel
from commonground.protect.engine.ties import both_ways, is_fresh
from commonground.protect.models import Proof

register = template.Library()


@dataclass(frozen=True, slots=True)
class Verified:
    """When the account and we were last seen to name each other, and by what."""

    at: datetime | None
    fresh: bool
    broken: bool
    seen: Sequence[Proof]


@register.simple_tag
def verified(account: Channel) -> Verified:
    proofs = [proof for proof in account.proofs.all() if proof.stood_at]
    at = both_ways(proof.tie for proof in proofs)
    broken = any(proof.broken_at for proof in proofs)
    return Verified(at, is_fresh(at, timezone.now()), broken, proofs)
