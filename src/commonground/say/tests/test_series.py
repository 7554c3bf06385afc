"""What comes again is drafted in time, approved word for word, and surprises nobody."""

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.models import Authorisation
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions, queries, tasks
from commonground.say.engine.weeks import Week
from commonground.say.models import Post, Series
from commonground.say.queries.calendar import days_of
from commonground.say.queries.series import missed, next_of

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 3, 4, 15, tzinfo=UTC)  # the clocks of New York change on 8 March


@pytest.fixture(autouse=True)
def on_a_wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def author():
    return given.a_member(agency=given.an_agency(time_zone="America/New_York"))


@pytest.fixture
def approving_author(author):
    return given.a_member(agency=author.agency, roles=["author", "approver"])


def said(author, **but):
    channels = but.pop("channels", None) or [
        given.a_channel(agency=author.agency, authorised=[author])
    ]
    return {
        "title": "Coffee with an officer", "text": "Come to the library at five.",
        "language": "en", "channels": channels, "campaign": None, "repeats": "week", "every": 1,
        "weekdays": [4], "since": date(2026, 3, 4), "until": date(2026, 5, 1), "at": time(16),
        "ahead": 9, "asks": True, **but,
    }  # fmt: skip


def a_series(author, **but):
    return actions.begin_series(said(author, **but), by=author)


def days(posts):
    return [timezone.localtime(p.go_out_at).date().isoformat() for p in posts]


def posts_of(series):
    return Post.objects.filter(occurrence__series=series).order_by("go_out_at")


def test_drafts_are_written_in_time_ask_by_themselves_and_are_written_once(author):
    series = a_series(author)
    tasks.draft_ahead()
    tasks.draft_ahead()

    posts = list(posts_of(series))
    # Sixteen o'clock on both sides of the change of clocks, which is another hour elsewhere.
    assert [p.go_out_at for p in posts] == [
        datetime(2026, 3, 6, 21, tzinfo=UTC), datetime(2026, 3, 13, 20, tzinfo=UTC),
    ]  # fmt: skip
    assert {p.state for p in posts} == {"in_review"}
    assert {p.author for p in posts} == {author}
    began = Entry.objects.about(posts[0]).filter(verb__in=["begin", "submit"])
    assert {e.who for e in began} == {"The desk"}  # and not its author, who pressed no button


def test_nothing_of_it_goes_out_without_an_approval_of_its_own(author, place):
    series = a_series(author)
    tasks.draft_ahead()
    first, second = posts_of(series)
    actions.approve(first, read=first.digest, by=given.an_approver(first))
    with time_machine.travel(first.go_out_at + timedelta(seconds=5), tick=False):
        tasks.go_out()
    with time_machine.travel(second.go_out_at + timedelta(seconds=5), tick=False):
        tasks.go_out()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("published", "in_review")


def test_one_reading_approves_several_each_by_its_own_digest(author):
    series = a_series(author)
    tasks.draft_ahead()
    first, second = posts_of(series)
    assert first.digest != second.digest
    (group,) = queries.to_read_together(series, given.an_approver(first))
    assert group.posts == [first, second]

    approver = given.an_approver(first)
    said, left = actions.approve_each([(first, first.digest), (second, first.digest)], by=approver)
    assert (said, [post for post, _ in left]) == ([first], [second])  # another's digest is no yes
    second.refresh_from_db()
    assert second.state == "in_review"
    assert [r.read for r in first.reviews.all()] == [first.approved_digest] == [first.digest]


def test_changed_words_are_not_in_the_batch(author):
    series = a_series(author)
    tasks.draft_ahead()
    first, second = posts_of(series)
    actions.recall(first, by=author)
    given_words(first, "Come to the school at five.")
    actions.submit(first, by=author)
    groups = queries.to_read_together(series, given.an_approver(first))
    assert [group.posts for group in groups] == [[first], [second]]


def given_words(post, text):
    post.variants.update(text=text)
    Post.objects.filter(pk=post.pk).update(text=text)
    post.refresh_from_db()


def test_author_reads_nothing_of_their_own_in_a_batch_and_cannot_approve_it(approving_author):
    series = a_series(approving_author)
    tasks.draft_ahead()
    assert queries.to_read_together(series, approving_author) == []
    posts = list(posts_of(series))
    said, left = actions.approve_each([(p, p.digest) for p in posts], by=approving_author)
    assert (said, len(left)) == ([], 2)


def test_whoever_approves_nothing_is_told_so_once_for_a_whole_batch(author):
    series = a_series(author)
    tasks.draft_ahead()
    posts = list(posts_of(series))
    with pytest.raises(NotYours, match="Approver"):
        actions.approve_each([(p, p.digest) for p in posts], by=author)
    assert {p.state for p in posts_of(series)} == {"in_review"}


def test_a_day_left_out_is_not_drafted_and_can_be_put_back(author):
    series = a_series(author)
    day = date(2026, 3, 6)
    actions.skip_occurrence(series, day, by=author)
    tasks.draft_ahead()
    assert days(posts_of(series)) == ["2026-03-13"]
    actions.restore_occurrence(series, day, by=author)
    tasks.draft_ahead()
    assert days(posts_of(series)) == ["2026-03-06", "2026-03-13"]


def test_leaving_a_day_out_puts_its_draft_away_but_not_what_is_approved(author):
    series = a_series(author)
    tasks.draft_ahead()
    first, second = posts_of(series)
    actions.approve(second, read=second.digest, by=given.an_approver(second))

    actions.skip_occurrence(series, date(2026, 3, 6), by=author)
    with pytest.raises(Refused):
        actions.skip_occurrence(series, date(2026, 3, 13), by=author)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "scheduled")


def test_change_from_a_day_on_keeps_what_is_approved_or_changed_and_can_be_undone(author):
    series = a_series(author, ahead=20)
    tasks.draft_ahead()
    one, two, three = posts_of(series)
    actions.approve(one, read=one.digest, by=given.an_approver(one))
    actions.recall(two, by=author)
    given_words(two, "Written by hand.")

    new = actions.change_series(
        series, said(author, since=date(2026, 3, 6), text="Now in the school.", ahead=20,
                     channels=[*series.channels.all()]),
        by=author,
    )  # fmt: skip
    tasks.draft_ahead()

    standing = Post.objects.exclude(state="withdrawn").order_by("go_out_at")
    assert [(p.text, p.state) for p in standing] == [
        ("Come to the library at five.", "scheduled"),
        ("Written by hand.", "draft"),
        ("Now in the school.", "in_review"),
    ]
    back = actions.undo_change_series(new, by=author)
    tasks.draft_ahead()
    standing = Post.objects.exclude(state="withdrawn").order_by("go_out_at")
    assert back == series
    assert days(standing) == ["2026-03-06", "2026-03-13", "2026-03-20"]
    assert standing[2].text == "Come to the library at five."
    three.refresh_from_db()
    assert three.state == "withdrawn"


def test_what_is_approved_of_a_change_is_not_doubled_when_it_is_undone(author):
    series = a_series(author)
    new = actions.change_series(
        series, said(author, since=date(2026, 3, 6), text="Now in the school.",
                     channels=[*series.channels.all()]),
        by=author,
    )  # fmt: skip
    tasks.draft_ahead()
    first = posts_of(new).first()
    actions.approve(first, read=first.digest, by=given.an_approver(first))
    actions.undo_change_series(new, by=author)
    tasks.draft_ahead()
    assert days(Post.objects.exclude(state="withdrawn").order_by("go_out_at")) == [
        "2026-03-06", "2026-03-13",
    ]  # fmt: skip


def test_ended_drafts_no_more_and_goes_on_when_it_is_resumed(author):
    series = a_series(author)
    tasks.draft_ahead()
    kept = posts_of(series)[1]
    actions.approve(kept, read=kept.digest, by=given.an_approver(kept))
    actions.end_series(series, by=author)
    tasks.draft_ahead()
    assert days(Post.objects.exclude(state="withdrawn")) == ["2026-03-13"]
    with pytest.raises(MovedOn):
        actions.end_series(series, by=author)
    actions.resume_series(series, by=author)
    tasks.draft_ahead()
    assert days(Post.objects.exclude(state="withdrawn").order_by("go_out_at")) == [
        "2026-03-06", "2026-03-13",
    ]  # fmt: skip


def test_no_draft_in_the_name_of_who_may_not_speak_and_people_are_told_once(author):
    admin = given.a_member(agency=author.agency, roles=["admin"])
    series = a_series(author)
    Authorisation.objects.all().delete()
    tasks.draft_ahead()
    tasks.draft_ahead()
    series.refresh_from_db()
    assert not posts_of(series)
    assert "is not authorised" in series.hindrance
    assert [e.detail["names"] for e in Entry.objects.filter(verb="tell_of_series")] == [
        [author.name, admin.name]
    ]
    for channel in series.channels.all():
        Authorisation.objects.create(channel=channel, member=author, decided_by=author)
    tasks.draft_ahead()
    series.refresh_from_db()
    assert (series.hindrance, len(posts_of(series))) == ("", 2)
    assert len(mail.outbox) <= 2


def test_blanks_left_open_stay_with_the_author(author):
    series = a_series(author, text="Our guest is [[guest]].")
    tasks.draft_ahead()
    assert {p.state for p in posts_of(series)} == {"draft"}


def test_what_passed_without_a_draft_is_shown(author):
    series = a_series(author)
    with time_machine.travel(WEDNESDAY + timedelta(days=10), tick=False):  # the desk was down
        assert [one.day for one in missed(series)] == [date(2026, 3, 6), date(2026, 3, 13)]
        assert next_of(series, 1)[0].day == date(2026, 3, 20)


def test_calendar_shows_what_is_planned_and_not_yet_drafted(author, client):
    series = a_series(author)
    tasks.draft_ahead()
    timezone.activate(author.agency.time_zone)
    week = days_of(author.agency, Week(date(2026, 3, 16)))
    assert [one.series for day in week for one in day.planned] == [series]
    drafted = days_of(author.agency, Week(date(2026, 3, 2)))
    assert not any(day.planned for day in drafted)
    timezone.deactivate()
    client.force_login(author)
    page = client.get(reverse("say:calendar") + "?week=2026-W12").content.decode()
    assert "planned, not yet drafted" in page


def test_other_calendars_see_what_is_planned_as_not_sure_yet(author, client):
    series = a_series(author, ahead=2)
    tasks.draft_ahead()
    key = actions.make_calendar_key(by=author)

    file = client.get(reverse("say:calendar_file", args=[key])).content
    events = icalendar.Calendar.from_ical(file).walk("VEVENT")

    drafted = [e for e in events if "planned" not in e["summary"]]
    planned = [e for e in events if "planned" in e["summary"]]
    assert [e["dtstart"].dt.astimezone(UTC).date() for e in drafted] == [date(2026, 3, 6)]
    assert planned[0]["summary"] == "planned, not yet drafted: Coffee with an officer"
    assert planned[0]["dtstart"].dt == series.instant(date(2026, 3, 13))
    assert {e["status"] for e in planned} == {"TENTATIVE"}
    assert len({e["uid"] for e in events}) == len(events) == 9


def test_number_of_questions_to_the_database_does_not_grow_with_series(
    author, client, django_assert_max_num_queries
):
    for _ in range(8):
        a_series(author)
    client.force_login(author)
    with django_assert_max_num_queries(20):
        client.get(reverse("say:calendar") + "?week=2026-W13")


def test_a_grave_moment_meets_them_as_it_meets_other_posts(author):
    series = a_series(author)
    tasks.draft_ahead()
    first = posts_of(series)[0]
    actions.approve(first, read=first.digest, by=given.an_approver(first))
    moment = given.a_moment(agency=author.agency, grave=True)
    (queue,) = queries.queues(author.agency, [moment])
    assert [one.post for one in queue.waiting] == [first]
    actions.hold_each([first], reason="People are hurt.", by=author, moment=moment)
    first.refresh_from_db()
    assert first.state == "held"


def test_series_of_another_agency_is_out_of_reach(author):
    series, stranger = a_series(author), given.a_member()
    with pytest.raises(NotYours):
        actions.end_series(series, by=stranger)
    with pytest.raises(NotYours):
        actions.skip_occurrence(series, date(2026, 3, 6), by=stranger)


def test_whoever_changes_one_writes_it_themselves(author, client):
    other = given.a_member(agency=author.agency)
    series = a_series(author)
    for channel in series.channels.all():
        Authorisation.objects.create(channel=channel, member=other, decided_by=author)
    client.force_login(other)
    answer = client.post(reverse("say:draft_occurrence", args=[series.pk, "2026-03-20"]))
    post = posts_of(series).get()
    assert answer.headers["Location"] == reverse("say:write", args=[post.pk])
    assert (post.author, post.state) == (other, "draft")


def test_pages_plan_change_and_approve(author, client):
    channel = given.a_channel(agency=author.agency, authorised=[author])
    typed = {
        **said(author, channels=[channel]), "channels": [channel.pk], "campaign": "",
        "since": "2026-03-06", "until": "2026-05-01", "at": "16:00", "asks": "on",
    }  # fmt: skip
    client.force_login(author)
    new = reverse("say:new_series")
    assert client.post(new, typed | {"until": "2028-01-01"}).status_code == 422  # too long
    assert client.post(new, typed | {"since": "2026-03-03"}).status_code == 422  # over
    assert client.post(new, typed).status_code == 302
    series = Series.objects.get()
    tasks.draft_ahead()
    page = client.get(series.get_absolute_url()).content.decode()
    assert "Every week, on Friday, 16:00" in page
    assert client.get(reverse("say:all_series")).status_code == 200
    form = client.get(reverse("say:change_series", args=[series.pk])).content.decode()
    assert 'value="2026-03-20"' in form

    approver = given.an_approver(posts_of(series)[0])
    client.force_login(approver)
    ticks = [f"{p.pk} {p.digest}" for p in posts_of(series)]
    address = reverse("say:approve_series", args=[series.pk])
    assert client.post(address, {"post": ticks}).status_code == 422  # unread
    client.post(address, {"post": ticks, "have_read": "on"})
    assert {p.state for p in posts_of(series)} == {"scheduled"}
    client.post(reverse("say:hold_series", args=[series.pk]), {"reason": "Mourning."})
    assert {p.state for p in posts_of(series)} == {"held"}
