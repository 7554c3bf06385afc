"""How the public pages name the languages something can be read in."""

from __future__ import annotations

from django import template

from commonground.channels.line.own import InLanguages
from commonground.kit.languages import name_of_language

register = template.Library()


@register.filter
def own_name(code: str) -> str:
    """As those who speak it call it."""
    return name_of_language(code, own=True).capitalize()


@register.filter
def others(shown: InLanguages) -> list[str]:
    """The languages beside the one it is read in."""
    return [code for code in shown.languages if code != shown.language]
