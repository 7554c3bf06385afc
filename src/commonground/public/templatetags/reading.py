"""How the public pages name the languages something can be read in."""

from __future__ import annotations

from django import template

from commonground.channels.line.own import InLanguages

register = template.Library()


@register.filter
def others(shown: InLanguages) -> list[str]:
    """The languages beside the one it is read in."""
    return [code for code in shown.languages if code != shown.language]
