"""The names of languages."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, get_language_info


def name_of_language(code: str, *, own: bool = False) -> str:
    """In the reader's language, or in its `own`; the code where nobody knows it."""
    try:
        return str(get_language_info(code)["name_local" if own else "name_translated"])
    except KeyError:
        return in_cldr(code, code if own else get_language() or "en") or code


def in_cldr(code: str, reader: str) -> str | None:
    """Django knows the languages it is translated into; people speak many more."""
    try:
        return Locale.parse(reader, sep="-").languages.get(code)
    except (UnknownLocaleError, ValueError):
        return None
