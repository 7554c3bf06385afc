"""Why something is not shown, in words."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime

from django import template
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy as _

register = template.Library()

# The codes of an export (see outsider/verify.py), as people read them.
REASONS = {
    "personal": _("personal information"),
    "third-party": _("about somebody else"),
    "security": _("would help an attacker"),
    "investigation": _("would harm an investigation"),
    "legal": _("legal privilege"),
    "other-agency": _("another agency’s record"),
    "not-asked": _("outside what was asked for"),
    "erased": _("erased, with a tombstone in the log"),
}
# The grounds for more time that laws know (see engine/laws.toml).
GROUNDS = {
    "public-interest": _("the public interest must be weighed"),
    "many-records": _("very many records"),
    "many-requests": _("many requests for the same records"),
    "consultation": _("others must be consulted"),
    "third-party": _("a third party must be heard"),
    "normal-course": _("it would hinder the normal course of activities"),
    "other-place": _("the records lie at another place"),
    "long-document": _("a very long document"),
}
FACTS = {
    "at": _("Time"), "agency": _("Agency"), "verb": _("Kind of step"), "subject": _("Thing"),
    "title": _("Title"), "who": _("Person"), "role": _("Role"),
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)")


@register.filter
def why_withheld(code: str) -> str:
    return str(REASONS.get(code, code))


@register.filter
def ground(code: str) -> str:
    return str(GROUNDS.get(code, code))


@register.filter
def fact_name(name: str) -> str:
    """What a fact is called; details as the record calls them."""
    return str(FACTS.get(name, name.removeprefix("detail.").replace("_", " ")))


@register.filter
def fact_words(value: object) -> str:
    """What a fact says, for people: no brackets and no quotation marks of a machine."""
    match value:
        case bool():
            return gettext("yes") if value else gettext("no")
        case dict():
            said = (f"{str(n).replace('_', ' ')}: {fact_words(v)}" for n, v in value.items())
            return "; ".join(said)
        case list():
            return ", ".join(fact_words(one) for one in value)
        case str() if MOMENT.fullmatch(value):
            with suppress(ValueError):  # somebody's own words may only look like a time
                return str(localize(localtime(datetime.fromisoformat(value))))
    return str(value)
