"""What templates may draw: icons, times, clocks, curves, places and panels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from commonground.kit.charts import Curve, Point
from commonground.kit.languages import name_of_language
from commonground.kit.paging import Page
from commonground.kit.panels import piece_at
from commonground.kit.troubles import told
from commonground.kit.words_for_time import ago, lasting

register = template.Library()


@register.filter
def own_name(code: str) -> str:
    """A language as those who speak it call it."""
    return name_of_language(code, own=True).capitalize()


register.filter("told", told)


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """A small picture beside words. It says nothing of its own, so it is hidden from readers."""
    return lucide(name, size=size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})


@register.simple_tag
def when(at: datetime | None, style: str = "both") -> SafeString:
    """A time: exact, with its zone, and how long ago. `style`: both, exact, or ago."""
    if at is None:
        return mark_safe("")
    local = timezone.localtime(at)
    day = "" if local.date() == timezone.localdate() else date_format(local, "j M ")
    exact = f"{day}{local:%H:%M %Z}"
    full = f"{date_format(local, 'j F Y')}, {local:%H:%M:%S %Z}"
    exact = "" if style == "ago" else exact
    since = "" if style == "exact" else format_html("<span data-ago>{}</span>", ago(at))
    between = ", " if exact and since else ""
    return format_html(
        '<time datetime="{}" title="{}">{}{}{}</time>',
        local.isoformat(), full, exact, between, since,
    )  # fmt: skip


@register.filter
def spell(length: object) -> str:
    """How long something lasts: 42 min, 71 h 12 min, 3 days."""
    return lasting(length)  # type: ignore[arg-type]


@register.inclusion_tag("kit/parts/clock.html")
def clock(opened_at: datetime, closes_at: datetime) -> dict[str, object]:
    """How much of a stretch of time is left, as words and as a bar."""
    whole = max((closes_at - opened_at).total_seconds(), 1)
    left = closes_at - timezone.now()
    gone = round(100 * (1 - max(left.total_seconds(), 0) / whole))
    gone = min(max(gone, 0), 100)
    return {"left": left, "over": left.total_seconds() <= 0, "gone": gone, "ahead": 100 - gone}


@register.inclusion_tag("kit/parts/curve.html")
def curve(points: list[Point], title: str, about: str = "") -> dict[str, object]:
    """A line of counts over what is usual, with the same numbers in a table."""
    return {"curve": Curve(points), "title": title, "about": about, "name": f"curve-{id(points)}"}


@register.inclusion_tag("kit/parts/spark.html")
def spark(points: list[Point]) -> dict[str, object]:
    """A curve the size of a word. Words beside it say what it shows."""
    return {"curve": Curve(points)}


@register.inclusion_tag("kit/parts/place.html", takes_context=True)
def place(
    context: Mapping[str, object], name: str, label: str, picture: str, key: str = "",
    at: object = "",
) -> dict[str, object]:  # fmt: skip
    """A link to a place of the desk; nothing at all while that place does not exist.

    `key` goes there after g. `at`: the site it is on, if that is another.
    """
    address = address_of(name)
    here = context.get("view_name") == name
    return {
        "address": address and f"{at}{address}",
        "label": label,
        "picture": picture,
        "key": key,
        "here": here,
    }


@register.inclusion_tag("kit/parts/panel.html", takes_context=True)
def panel(
    context: Mapping[str, Any],
    name: str,
    label: str,
    subject: Model | None = None,
    news: str = "",
    every: str = "",
    later: bool = False,
) -> dict[str, object]:
    """A piece of page drawn by another room; where that fails, a link to it.

    `news` names what makes it worth drawing again: "moment post". `every` draws it again
    anyway, for what changes without a word in the record: "60s". `later`: the page does not wait
    for it, for it takes longer than all the rest.
    """
    address = address_of(name, *([subject.pk] if subject else []))
    triggers = [f"news-{kind} from:body delay:300ms" for kind in news.split()]
    triggers += [f"every {every}"] if every else []
    found = None if later or not address else piece_at(context["request"], address)
    if found is None:
        triggers = ["load", *triggers]
    return {
        "address": address, "label": label, "triggers": ", ".join(triggers), "drawn": found,
        "there": found is not None,
    }  # fmt: skip


@register.inclusion_tag("kit/parts/pages.html", takes_context=True)
def pages(context: Mapping[str, object], page: Page[Model]) -> dict[str, object]:
    """Links to what is older, keeping whatever else the address asks for."""
    request = context["request"]
    kept = request.GET.copy()  # type: ignore[attr-defined]
    kept.pop("before", None)
    return {"page": page, "kept": kept.urlencode()}


def address_of(name: str, *args: object) -> str:
    """Where a place is, or nothing. A frame must not fail because one room is not built."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
