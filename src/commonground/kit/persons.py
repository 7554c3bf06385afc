"""Two people, where two are asked for: two accounts of one person are no two people."""

from __future__ import annotations

from typing import Any, Protocol

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from commonground.kit.refusals import NotYours


class Account(Protocol):
    pk: Any

    def is_also(self, other: Any, /) -> bool:
        """Whether both accounts are one person's."""
        ...


def must_be_another(first: Account, by: Account, otherwise: str) -> None:
    """Refuse, in these words, whoever has done their part of it already, with whatever account."""
    if by.is_also(first):
        raise NotYours(otherwise)


def must_be_another_than(key: str, by: Account, otherwise: str) -> None:
    """The same, where only the first one's key was kept."""
    first = account_of(key)
    if key == str(by.pk) or (first is not None and by.is_also(first)):
        raise NotYours(otherwise)


def account_of(key: str) -> Any:
    """Whose key this is; None for nobody's. Also of who has left: they said yes all the same."""
    try:
        return get_user_model()._default_manager.filter(pk=key).first()
    except (ValidationError, ValueError):
        return None
