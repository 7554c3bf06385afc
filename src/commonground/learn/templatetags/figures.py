"""Numbers that differ, in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _, gettext_lazy

from commonground.learn.engine.figures import Difference, Statement
from commonground.say.models import Post

register = template.Library()

# By the names of the engine; any other noun is shown as it was said.
THINGS = {
    "hurt": gettext_lazy("people hurt"),
    "dead": gettext_lazy("people who died"),
    "missing": gettext_lazy("people missing"),
    "evacuated": gettext_lazy("people brought to safety"),
    "arrested": gettext_lazy("people arrested"),
    "people": gettext_lazy("people"),
    "homes": gettext_lazy("homes"),
}


@register.filter
def figure_words(found: Difference[Any]) -> str:
    return str(THINGS.get(found.what, f"“{found.noun}”"))


@register.filter
def both_sides(found: Difference[Any]) -> list[tuple[Statement[Any], tuple[str, ...]]]:
    return [found.one, found.other]


@register.filter
def where_said(said: Statement[Any]) -> str:
    """Whether it can still be changed, and what it is."""
    if not isinstance(said.key, Post):
        return _("told here as a fact")
    return _("waits to go out") if said.waits else _("is public")
