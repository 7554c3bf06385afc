"""What the clock does for series: who is told where one cannot go on."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.say import actions
from commonground.say.models import Series
from commonground.say.tasks.telling import Letter, write_to


def to_draft() -> list[Series]:
    """Every series that runs; each is drafted by itself."""
    return list(Series.objects.running().select_related("agency", "author"))


def tell_of_series() -> None:
    """Its author and the administrators hear, once, that it writes no drafts, and why."""
    for series in Series.objects.stuck().filter(told_at=None).select_related("author", "agency"):
        people = concerned_by(series)
        reached = [m for m in people if write_to(m, partial(letter_about_series, series))]
        if reached or not settings.ENV.mail_url or not people:
            actions.tell_of_series(series, [m.name for m in people], by_mail=bool(reached))


def concerned_by(series: Series) -> list[Member]:
    admins = series.agency.members.filter(is_active=True, role_rows__role="admin")
    return [m for m in dict.fromkeys([series.author, *admins.order_by("name")]) if m.is_active]


def letter_about_series(series: Series) -> Letter:
    named = {"series": series.title, "why": series.hindrance}
    lines = [
        _("“%(series)s” comes again and again, but no draft of it can be written: %(why)s") % named,
        _("Whoever changes the series becomes its author, and it goes on."),
        settings.ENV.site_url.rstrip("/") + series.get_absolute_url(),
    ]
    return _("“%(series)s” cannot go on") % named, "\n\n".join(lines)
