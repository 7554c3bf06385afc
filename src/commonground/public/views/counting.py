"""Figures that anybody may ask for and that take a year of rows to count."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import caches

from commonground.agency.models import Agency

KEPT = 60  # seconds: whoever asks a thousand times makes us count once


def counted_once[T](agency: Agency, what: str, count: Callable[[], T]) -> T:
    """As it was counted within the last minute: it takes a year of rows, and anybody may ask."""
    key = f"counted-{what}-{agency.pk}"
    cache = caches["here"]  # each process counts for itself: what is counted is no plain JSON
    found: T | None = cache.get(key)
    if found is None:
        found = count()
        cache.set(key, found, KEPT)
    return found
