"""Fields whose value the database alone cannot give away."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from commonground.kit.envelope import SealBroken, opened_text, rewrapped_text, sealed_text

__all__ = ["Closed", "SealBroken", "SealedJSONField", "sealed_for"]


class Closed(str):
    """A sealed value, not opened yet."""

    __slots__ = ()


class Opening(DeferredAttribute):
    """Opens a value when it is asked for: only then is it known whose row it stands in."""

    def __get__(self, instance: models.Model | None, owner: Any = None) -> Any:
        if instance is None:
            return self
        held = instance.__dict__.get(self.field.attname)
        if isinstance(held, Closed):
            instance.__dict__[self.field.attname] = self.field.opened(held, instance)  # type: ignore[attr-defined]
        elif self.field.attname not in instance.__dict__:
            super().__get__(instance, owner)  # fetches what was deferred
            return self.__get__(instance, owner)
        return instance.__dict__[self.field.attname]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON in an envelope (see kit.envelope), bound to its table, its column and its row.

    The keys come from the settings, so a copy of the database reveals nothing. Copied to another
    account, a token is of no use there. `row` names what tells the rows apart: fields that are
    known before the row is saved and never change; by default its key.
    """

    descriptor_class = Opening

    def __init__(self, *args: Any, row: tuple[str, ...] = ("pk",), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # As it is held: what nobody opened is written back as it was.
        return self.closed(model_instance.__dict__.get(self.attname), model_instance)

    def get_prep_value(self, value: Any) -> str:
        if value and not isinstance(value, Closed):
            raise TypeError(f"{self.name} is sealed to its row: see sealed_for")
        return str(value or "")

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return Closed(value) if value else {}

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """A dump holds what the database holds, and gives no more away."""
        return str(self.closed(obj.__dict__.get(self.attname), obj))

    def closed(self, value: Any, row: models.Model) -> Closed:
        if isinstance(value, Closed) or not value:
            return Closed(value or "")  # nothing to hide
        return Closed(sealed_text(json.dumps(value).encode(), self.place(row)))

    def opened(self, value: Closed, row: models.Model) -> Any:
        try:
            return json.loads(opened_text(value, self.place(row)))
        except SealBroken as error:
            raise SealBroken(f"{self.column_name}: {error}") from error

    def rewrapped(self, value: Closed, row: models.Model) -> Closed:
        """The same value, its own key under the newest of the desk's. Raises SealBroken."""
        return Closed(rewrapped_text(value, self.place(row)))

    @property
    def column_name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def place(self, row: models.Model) -> bytes:
        """What a value is bound to. Elsewhere it does not open."""
        marks = [mark_of(row, name) for name in self.row]
        return "\n".join([self.column_name, *marks]).encode()


def mark_of(row: models.Model, name: str) -> str:
    """What stands in this field of the row, spelled the same before it is saved and after."""
    field: Any = row._meta.pk if name == "pk" else row._meta.get_field(name)
    value = getattr(row, field.attname)
    if value is None:
        raise TypeError(f"{name} of this {type(row).__name__} is not known before it is saved")
    return str(field.to_python(value))


def sealed_for(row: models.Model, **fields: Any) -> dict[str, Any]:
    """The fields as an update of this row takes them: what is sealed, sealed for it."""
    kinds = {name: row._meta.get_field(name) for name in fields}
    return {
        name: kind.closed(fields[name], row) if isinstance(kind, SealedJSONField) else fields[name]
        for name, kind in kinds.items()
    }
