"""Reads of the holds that pages share."""

from __future__ import annotations

from commonground.agency.models import Agency
from commonground.protect.models import Hold


def standing_over(agency: Agency) -> Hold | None:
    """The hold that stops this agency now, with who set it and who agreed to lift it."""
    return Hold.objects.standing().filter(agency=agency).select_related("by", "first_yes").first()
