"""What all web processes of a desk must know alike: which codes were used, who asked too often.

Django's own cache in a database unpickles what lies there: whoever can write to the database then
runs code in the desk. Here only JSON is read. And a name says whom it is about - the address of a
visitor, the key of a member - so that a digest of it is kept, under a key of the desk's.
See docs/decisions/0051.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from commonground.kit.lasting import lasting_key
from commonground.kit.models import Remembered


class InTheDatabase(BaseCache):
    """Django's cache, kept in a table of ours; values are what JSON can say."""

    def __init__(self, _place: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def named(self, key: str, version: int | None) -> str:
        told = self.make_key(key, version=version)
        return hmac.new(lasting_key("what is remembered"), told.encode(), sha256).hexdigest()

    def until(self, timeout: Any) -> datetime | None:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        if timeout is None:
            return None
        return timezone.now() + timedelta(seconds=max(timeout, 0))

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Whether it was not there. Of many who ask in one instant exactly one hears yes: the
        database keeps a name once."""
        name, until = self.named(key, version), self.until(timeout)
        over = Remembered.objects.filter(name=name, until__lte=timezone.now())
        written = {"value": json.dumps(value), "until": until}
        # Of those who see the same old row, one finds it still as old.
        if over.update(**written):
            return True
        try:
            with transaction.atomic():
                Remembered.objects.create(name=name, **written)
        except IntegrityError:  # also where it is gone again by now: it was there
            return False
        return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        held = self.standing().filter(name=self.named(key, version))
        found = held.values_list("value", flat=True).first()
        return default if found is None else json.loads(found)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        row = Remembered(
            name=self.named(key, version), value=json.dumps(value), until=self.until(timeout)
        )
        Remembered.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["name"], update_fields=["value", "until"]
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        held = self.standing().filter(name=self.named(key, version))
        return bool(held.update(until=self.until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(Remembered.objects.filter(name=self.named(key, version)).delete()[0])

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        names = [self.named(key, version) for key in keys]
        Remembered.objects.filter(name__in=names).delete()

    def clear(self) -> None:
        Remembered.objects.all().delete()

    def standing(self) -> Any:
        return Remembered.objects.filter(Q(until=None) | Q(until__gt=timezone.now()))
