"""What our own site says while everything is stopped, and a day after. The words are prepared:
whoever stops everything chooses among them, and writes none."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from commonground.agency.models import Agency
from commonground.protect.models import Hold, Said
from commonground.public import queries

register = template.Library()


@register.inclusion_tag("public/truth.html")
def truth(agency: Agency) -> dict[str, object]:
    hold = queries.what_is_going_on(agency)
    title, text = words(hold) if hold else ("", "")
    return {"hold": hold, "title": title, "text": text}


def words(hold: Hold) -> tuple[str, str]:
    """A headline, and what to do."""
    number = {"number": hold.agency.emergency_number}
    if hold.lifted_at:
        return _("We speak again"), _(
            "We had stopped all our channels. They are in our hands, and we speak there again."
        )
    if hold.said == Said.NOT_US:
        return _("Somebody else may be speaking in our name"), _(
            "Do not rely on what our accounts on other networks say now. We have stopped all of"
            " them until we are sure that they are in our hands. We say here when we speak again."
            " In danger, call %(number)s."
        ) % number
    return _("We have paused all our channels"), _(
        "Nothing new comes from us for now, here or elsewhere. We say here when we speak again."
        " In danger, call %(number)s."
    ) % number
