"""Our calendar for other calendars (RFC 5545)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from commonground.agency.models import Agency, Member
from commonground.channels.engine import writable
from commonground.say.models import CalendarKey, digest_of
from commonground.say.queries.calendar import Timed, for_other_calendars, planned_ahead
from commonground.say.queries.series import Coming
from commonground.say.states import State
from commonground.say.templatetags.say import state_words

LASTS = timedelta(minutes=15)  # a moment in time is easily overlooked in a calendar

# What is neither sure to come nor over.
STATUS = {
    State.DRAFT: "TENTATIVE", State.IN_REVIEW: "TENTATIVE", State.HELD: "TENTATIVE",
    State.FAILED: "CANCELLED",
}  # fmt: skip


@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar that cannot sign in. It tells when, where and the headline: no words."""
    member = reader(token)
    with translation.override(member.agency.language), timezone.override(member.agency.time_zone):
        body = as_ical(member.agency)
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def reader(token: str) -> Member:
    keys = CalendarKey.objects.select_related("member__agency")
    key = keys.filter(digest=digest_of(token), member__is_active=True).first()
    if key is None:
        raise Http404
    return key.member


def as_ical(agency: Agency) -> bytes:
    made = Calendar()
    made.add("prodid", "-//Commonground//Calendar//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("Posts of %(agency)s") % {"agency": agency.name})
    for post in for_other_calendars(agency):
        made.add_component(event_of(post))
    for one in planned_ahead(agency):
        made.add_component(planned_event(one))
    whole: bytes = made.to_ical()
    return whole


def event_of(post: Timed) -> Event:
    event, page = Event(), settings.ENV.site_url.rstrip("/") + post.get_absolute_url()
    channels = ", ".join(variant.channel.name for variant in post.variants.all())
    event.add("uid", f"{post.pk}@{settings.ENV.site_url.partition('//')[2]}")
    event.add("dtstamp", post.changed_at)
    event.add("last-modified", post.changed_at)
    event.add("dtstart", post.at)
    event.add("duration", LASTS)
    event.add("summary", writable(f"{state_words(post)}: {post}"))
    event.add("description", f"{channels}\n{page}")
    event.add("url", page)
    event.add("transp", "TRANSPARENT")
    event.add("status", STATUS.get(State(post.state), "CONFIRMED"))
    return event


def planned_event(one: Coming) -> Event:
    """A day of a series nobody has drafted yet. Once it is, it is a post with a name of its own."""
    event, page = Event(), settings.ENV.site_url.rstrip("/") + one.series.get_absolute_url()
    channels = ", ".join(channel.name for channel in one.series.channels.all())
    host = settings.ENV.site_url.partition("//")[2]
    event.add("uid", f"{one.series.pk}-{one.day.isoformat()}@{host}")
    event.add("dtstamp", one.series.made_at)
    event.add("dtstart", one.at)
    event.add("duration", LASTS)
    event.add("summary", writable(f"{_('planned, not yet drafted')}: {one.series.title}"))
    event.add("description", f"{channels}\n{page}")
    event.add("url", page)
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE")
    return event
