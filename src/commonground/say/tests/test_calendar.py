"""The calendar by weeks, and the same for other calendars."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as over, strategies as st
from tests import given

from commonground.say import actions
from commonground.say.engine.weeks import Week
from commonground.say.models import CalendarKey, Post
from commonground.say.queries.calendar import days_of, later_than

NOON = datetime(2026, 3, 11, 12, 30, tzinfo=ZoneInfo("America/St_Johns"))  # a Wednesday


@over(st.dates(date(2000, 1, 10), date(2999, 1, 1)))
def test_week_is_found_again_by_its_name(day):
    week = Week.of(day)
    assert Week.named(week.name) == week
    assert day in week.days
    assert week.other(1).other(-1) == week


@pytest.mark.parametrize(
    "typed", ["", "9999-W52", "0001-W01", "2026-W54", "2026-W00", "0000-W01", "2026-10", "x"]
)
def test_name_of_no_week_is_none(typed):
    assert Week.named(typed) is None


def test_time_has_ends():
    assert Week(date(1, 1, 1)).other(-1) is None
    assert Week.of(date(9999, 12, 31)).other(1) is None


@pytest.fixture
def author():
    return given.a_member(agency=given.an_agency(time_zone="America/St_Johns"))


def planned(author, at, **but):
    return given.a_post(by=author, go_out_at=at, **but)


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_posts_stand_on_the_agencys_own_days(author):
    timezone.activate(author.agency.time_zone)
    late = NOON.replace(hour=23, minute=45)  # Thursday in Greenwich already
    post = planned(author, late)
    far = planned(author, NOON + timedelta(days=20))
    given.a_post(by=author)  # without a time
    Post.objects.filter(pk=planned(author, late).pk).update(state="withdrawn")

    days = days_of(author.agency, Week.of(NOON.date()))
    assert {d.date: [*d.posts] for d in days if d.posts} == {NOON.date(): [post]}
    assert [d.date for d in days if d.is_today] == [NOON.date()]
    assert [*later_than(author.agency, Week.of(NOON.date()))] == [far]
    timezone.deactivate()


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_new_post_of_a_day_starts_with_an_hour_that_is_still_to_come(client, author):
    client.force_login(author)
    page = client.get(reverse("say:calendar")).content.decode()
    assert "?at=2026-03-11T13:00" in page
    assert "?at=2026-03-12T09:00" in page
    assert "?at=2026-03-10" not in page
    reply = client.get(reverse("say:new") + "?at=2026-03-12T09:00").content.decode()
    assert 'value="2026-03-12T09:00"' in reply
    client.post(reverse("say:new"), {"at": "2026-03-12T09:00"})
    timezone.activate(author.agency.time_zone)
    assert timezone.localtime(Post.objects.get().go_out_at).hour == 9
    timezone.deactivate()


@pytest.mark.django_db
def test_week_can_be_turned_and_nonsense_shows_this_one(client, author):
    client.force_login(author)
    page = client.get(reverse("say:calendar") + "?week=2026-W10").content.decode()
    assert "week=2026-W09" in page
    assert "week=2026-W11" in page
    assert client.get(reverse("say:calendar") + "?week=<script>").status_code == 200


@pytest.mark.django_db
def test_other_calendars_read_when_where_and_the_headline_but_no_words(client, author):
    at = timezone.now().replace(microsecond=0) + timedelta(days=2)
    post = planned(author, at, title="Coffee; with, an officer", text="Secret words.")
    address = reverse("say:calendar_file", args=[actions.make_calendar_key(by=author)])
    answer = client.get(address)

    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == at
    assert "Coffee; with, an officer" in str(event["summary"])
    assert post.variants.get().channel.name in str(event["description"])
    assert b"Secret words" not in answer.content
    assert not answer.cookies


@pytest.mark.django_db
def test_address_ends_with_a_new_one_with_the_member_and_by_hand(client, author):
    first = actions.make_calendar_key(by=author)
    second = actions.make_calendar_key(by=author)
    addresses = [reverse("say:calendar_file", args=[token]) for token in (first, second, "guess")]
    assert [client.get(a).status_code for a in addresses] == [404, 200, 404]
    assert CalendarKey.objects.get().digest not in second
    author.is_active = False
    author.save()
    assert client.get(addresses[1]).status_code == 404
    author.is_active = True
    author.save()
    client.force_login(author)
    client.post(reverse("say:end_calendar_key"))
    assert client.get(addresses[1]).status_code == 404


@pytest.mark.django_db
def test_address_is_shown_once(client, author):
    client.force_login(author)
    answer = client.post(reverse("say:make_calendar_key"))
    assert answer["Cache-Control"] == "no-store"
    assert ".ics" in answer.content.decode()
    assert ".ics" not in client.get(reverse("say:calendar")).content.decode()
