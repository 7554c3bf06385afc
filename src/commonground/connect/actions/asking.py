"""What a program asks to be made is made once, however often the asking arrives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from commonground.connect.models import Asked, Token
from commonground.kit.api.problems import Problem

KEPT = timedelta(hours=48)


@transaction.atomic
def once(
    token: Token, key: str, digest: str, make: Callable[[], models.Model]
) -> tuple[UUID, bool]:
    """The key of what was made, and whether it was made just now.

    The same key for something else is a mistake of the program, and is told as one. Of two that
    arrive at the same moment the second waits for the first.
    """
    try:
        with transaction.atomic():
            asked = Asked.objects.create(token=token, key=key, digest=digest)
    except IntegrityError:
        held = Asked.objects.get(token=token, key=key)
        if held.digest != digest or held.made is None:
            said = _("This Idempotency-Key was used for another request. Take a new one.")
            raise Problem("moved-on", said) from None
        return held.made, False
    made = make()
    asked.made = made.pk
    asked.save(update_fields=["made"])
    return asked.made, True


def forget_asked(now: datetime) -> int:
    """After two days the same key may mean something new."""
    return Asked.objects.filter(at__lt=now - KEPT).delete()[0]
