"""Small helps for public pages."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of(named: Mapping[str, str], name: str) -> str:
    return named.get(name, "")
