"""How SAY speaks of what comes again, and marks what belongs together."""

from __future__ import annotations

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

from commonground.say.engine.proposing import Kind
from commonground.say.engine.rhythm import WEEK, Repeats
from commonground.say.models import Proposal, Series

register = template.Library()

NTH = [
    gettext_lazy("first"), gettext_lazy("second"), gettext_lazy("third"), gettext_lazy("fourth"),
    gettext_lazy("last"),
]  # fmt: skip
SAFE = 28  # every month has this day
SIGNS = {"wave": "waves-horizontal", "leaf": "leaf", "sun": "sun", "stone": "mountain"}


@register.filter
def comes(series: Series) -> str:
    """When it comes, as people say it: “every week, on Friday”."""
    return WORDS[Repeats(series.repeats)](series)


def daily(series: Series) -> str:
    return ngettext("every day", "every %(n)d days", series.every) % {"n": series.every}


def weekly(series: Series) -> str:
    days = sorted(int(day) for day in series.weekdays) or [series.since.weekday()]
    names = get_text_list([str(WEEKDAYS[day]) for day in days], _("and"))
    words = ngettext("every week, on %(days)s", "every %(n)d weeks, on %(days)s", series.every)
    return words % {"n": series.every, "days": names}


def monthly(series: Series, on: str) -> str:
    words = ngettext("every month, %(on)s", "every %(n)d months, %(on)s", series.every)
    return words % {"n": series.every, "on": on}


def by_date(series: Series) -> str:
    day = {"day": series.since.day}
    if series.since.day > SAFE:
        return monthly(series, _("on day %(day)d, or the last day of a shorter month") % day)
    return monthly(series, _("on day %(day)d") % day)


def by_weekday(series: Series) -> str:
    nth = NTH[(series.since.day - 1) // WEEK]
    if series.repeats == Repeats.MONTH_LAST:
        nth = NTH[-1]
    named = {"nth": nth, "weekday": WEEKDAYS[series.since.weekday()]}
    return monthly(series, pgettext("day of a month", "on the %(nth)s %(weekday)s") % named)


def yearly(series: Series) -> str:
    words = ngettext("every year, on %(date)s", "every %(n)d years, on %(date)s", series.every)
    return words % {"n": series.every, "date": date_format(series.since, "j F")}


WORDS = {
    Repeats.DAY: daily, Repeats.WEEK: weekly, Repeats.MONTH_DATE: by_date,
    Repeats.MONTH_WEEKDAY: by_weekday, Repeats.MONTH_LAST: by_weekday, Repeats.YEAR: yearly,
}  # fmt: skip


@register.filter
def sign(mark: str) -> str:
    """The icon a campaign is known by in the calendar."""
    return SIGNS.get(mark, "waves-horizontal")


PROPOSED = {
    Kind.SHORTER: gettext_lazy("shorter"),
    Kind.PLAINER: gettext_lazy("in plainer words"),
    Kind.TRANSLATION: gettext_lazy("translated"),
}


@register.filter
def proposed_words(proposal: Proposal) -> str:
    return str(PROPOSED[Kind(proposal.kind)])
