"""The names of languages."""

from __future__ import annotations

from django.utils.translation import get_language_info


def name_of_language(code: str, *, own: bool = False) -> str:
    """In the reader's language, or in its `own`; the code where Django does not know it."""
    try:
        return str(get_language_info(code)["name_local" if own else "name_translated"])
    except KeyError:
        return code
