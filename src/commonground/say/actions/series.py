"""What comes again: planned, changed, left out for a day, ended; and each day drafted in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, Machine, advance, witness
from commonground.say import queries, rules
from commonground.say.models import Occurrence, Planned, Post, ReviewRequest, Series, Variant
from commonground.say.states import State

UNREAD = [State.DRAFT, State.IN_REVIEW]


def moved_on() -> MovedOn:
    return MovedOn(_("Somebody changed this series a moment ago. Look again."))


@transaction.atomic
def begin_series(said: Planned, *, by: Member) -> Series:
    """Words that come again. Nothing of it goes out before each post was approved."""
    rules.may_write(by)
    return kept(said, "begin_series", by)


def kept(said: Planned, verb: str, by: Member, **more: Any) -> Series:
    words: dict[str, Any] = {**said}
    channels = queries.spoken_by(by).filter(pk__in=[c.pk for c in words.pop("channels")])
    series = Series.objects.create(agency=by.agency, author=by, **words, **more)
    series.channels.set(channels)
    rhythm = {name: str(words[name]) for name in ("repeats", "every", "since", "until", "at")}
    witness(
        verb, series, by=by, text=series.text, weekdays=series.weekdays,
        channels=[c.name for c in channels], **rhythm,
    )  # fmt: skip
    return series


@transaction.atomic
def change_series(series: Series, said: Planned, *, by: Member) -> Series:
    """Other words or another time from a day on. What was approved, or changed by hand, stays.

    The earlier days keep the series they came from, so that this can be undone.
    """
    rules.may_plan(series, by)
    series = held_still(series)
    rules.must_run(series)
    if hasattr(series, "followed_by"):
        raise moved_on()
    first, until = said["since"], series.until
    stay = put_away(series, first, by=by)
    if first > series.since:
        series.until = min(until, first - timedelta(days=1))
    else:
        series.ended_at = database_now()
    series.save(update_fields=["until", "ended_at"])
    new = kept(said, "change_series", by, follows=series, follows_until=until)
    leave_out(new, stay)
    return new


@transaction.atomic
def undo_change_series(series: Series, *, by: Member) -> Series:
    """The series before it comes again as it was planned; what was approved meanwhile stays."""
    rules.may_plan(series, by)
    series = held_still(series)
    before = series.follows
    if before is None or series.follows_until is None:
        raise moved_on()
    stay = put_away(series, series.since, by=by)
    before.until, before.ended_at = series.follows_until, None
    before.save(update_fields=["until", "ended_at"])
    series.follows, series.ended_at = None, database_now()
    series.save(update_fields=["follows", "ended_at"])
    leave_out(before, stay)
    witness("undo_change_series", before, by=by)
    return before


@transaction.atomic
def end_series(series: Series, *, by: Member) -> Series:
    """No further drafts. What was approved still goes out, unless somebody holds it."""
    rules.may_plan(series, by)
    series = held_still(series)
    rules.must_run(series)
    put_away(series, timezone.localdate(timezone=series.zone), by=by)
    series.ended_at, series.hindrance = database_now(), ""
    series.save(update_fields=["ended_at", "hindrance"])
    witness("end_series", series, by=by)
    return series


@transaction.atomic
def resume_series(series: Series, *, by: Member) -> Series:
    """It goes on as it was planned."""
    rules.may_plan(series, by)
    series = held_still(series)
    undone = series.follows_until is not None and series.follows is None
    if not series.ended_at or undone or hasattr(series, "followed_by"):
        raise moved_on()
    series.ended_at = None
    series.save(update_fields=["ended_at"])
    witness("resume_series", series, by=by)
    return series


@transaction.atomic
def skip_occurrence(series: Series, day: date, *, by: Member) -> Occurrence:
    """Leave one day out. Its draft, if there is one, is put away."""
    rules.may_plan(series, by)
    series = held_still(series)
    rules.must_run(series)
    row = series.occurrences.filter(day=day).select_related("post").first()
    if row is None:
        rules.must_come(series, day)
        row = Occurrence.objects.create(series=series, day=day)
    elif row.post:
        drop_draft(row.post, by=by)
        row.post = None
        row.save(update_fields=["post"])
    witness("skip_occurrence", series, by=by, day=day.isoformat())
    return row


@transaction.atomic
def restore_occurrence(series: Series, day: date, *, by: Member) -> None:
    """A day that was left out comes after all."""
    rules.may_plan(series, by)
    series = held_still(series)
    series.occurrences.filter(day=day, post=None).delete()
    rules.must_come(series, day)
    witness("restore_occurrence", series, by=by, day=day.isoformat())


@transaction.atomic
def draft_occurrence(series: Series, day: date, *, by: Member | Machine) -> Post:
    """The draft of one day, with the words of the series. By hand it is the writer's own."""
    author = by if isinstance(by, Member) else series.author
    rules.may_plan(series, author)
    series = held_still(series)
    rules.must_come(series, day)
    post = Post.objects.create(
        agency=series.agency, author=author, campaign=series.campaign, title=series.title,
        text=series.text, language=series.language, go_out_at=series.instant(day),
    )  # fmt: skip
    for channel in queries.spoken_by(author).filter(pk__in=series.channels.all()):
        Variant.objects.create(post=post, channel=channel, title=post.title, text=post.text)
    Occurrence.objects.create(series=series, day=day, post=post)
    witness("begin", post, by=by, moment=None, series=str(series.pk), day=day.isoformat())
    return post


def draft_ahead(series: Series) -> list[Post]:
    """What the clock does: write the drafts whose time is near, and ask for approval of each."""
    why = rules.why_no_draft(series)
    if why != series.hindrance:
        Series.objects.filter(pk=series.pk).update(hindrance=why[:300], told_at=None)
    if why:
        return []
    return [draft_and_ask(series, planned.day) for planned in queries.to_draft(series)]


@transaction.atomic
def draft_and_ask(series: Series, day: date) -> Post:
    post = draft_occurrence(series, day, by=THE_DESK)
    if series.asks:
        ask_for_it(post)
    return post


def ask_for_it(post: Post) -> None:
    """In its author's stead. What is not ready stays their draft, and they are shown why."""
    try:
        with transaction.atomic():
            rules.may_submit(post, post.author)
            now = database_now()
            ReviewRequest.objects.create(post=post, asked_at=now, tell_at=now)
            told = {"digest": post.digest, "author": post.author.name}
            advance(post, "submit", by=THE_DESK, told=told)
    except Refused:
        post.refresh_from_db()


def put_away(series: Series, since: date, *, by: Member) -> list[date]:
    """Drop the drafts from a day on that nobody approved or changed. The days that stay."""
    stay = []
    rows = series.occurrences.filter(day__gte=since, post__isnull=False)
    for row in rows.select_related("post"):
        if row.post and row.post.state in UNREAD and queries.is_as_planned(series, row):
            drop_draft(row.post, by=by)
            row.delete()
        else:
            stay.append(row.day)
    return stay


def drop_draft(post: Post, *, by: Member) -> None:
    if post.state not in UNREAD:
        raise Refused(_("It is approved already. Hold it or take it back on its own page."))
    if post.state == State.IN_REVIEW:
        advance(post, "recall", by=by)
    advance(post, "drop", by=by)


def leave_out(series: Series, days: Iterable[date]) -> None:
    """A day that has its post already must not get a second one."""
    for day in days:
        if series.rhythm.between(day, day):
            Occurrence.objects.get_or_create(series=series, day=day)


def held_still(series: Series) -> Series:
    """Until this transaction ends nobody drafts from it, changes it or ends it."""
    return Series.objects.select_for_update(no_key=True, of=("self",)).get(pk=series.pk)


@transaction.atomic
def tell_of_series(series: Series, names: Sequence[str], *, by_mail: bool) -> None:
    """Write down who was told that it cannot go on."""
    if Series.objects.filter(pk=series.pk, told_at=None).update(told_at=database_now()):
        route = "screen and e-mail" if by_mail else "screen"
        witness("tell_of_series", series, by=THE_DESK, names=list(names), route=route)
