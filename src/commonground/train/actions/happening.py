"""What happens in a drill: injects, what the desk said and did, and what people write to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from commonground.channels.contract import Receipt, Sighting
from commonground.channels.line.own import new_name
from commonground.channels.networks.rehearsal.models import Remark, Utterance
from commonground.protect import actions as protect
from commonground.protect.engine.lookout import Odd, What as Oddity
from commonground.protect.models import Alarm, Hold
from commonground.record.models import Entry
from commonground.say.models import Delivery, Post
from commonground.say.states import DeliveryState, State as PostState
from commonground.train.engine.moods import Reply, silence
from commonground.train.engine.plan import Inject, in_language
from commonground.train.engine.playing import Playing, is_held_back
from commonground.train.models import Drill, Happening, What
from commonground.train.queries.playing import words_of

# No letter leaves the desk because of a drill: whoever reads it at home would take it for real.
NEVER_TOLD = datetime(9000, 1, 1, tzinfo=UTC)


def let_happen(drill: Drill, inject: Inject, minute: float, playing: Playing | None) -> None:
    """People see it on the rehearsal; unless what was said by then spared them it. Where the
    instructor wants it (`playing` is nothing) it happens in any case."""
    if playing and is_held_back(drill.plan, inject.name, playing.said):
        return
    told = {"text": in_language(inject.says, drill.agency.language), "author": inject.by.handle,
            "language": spoken(inject, drill.agency.language)}  # fmt: skip
    row, is_new = Happening.objects.get_or_create(
        drill=drill, name=inject.name, defaults={"what": What.INJECT, "minute": minute, **told}
    )
    if is_new:
        is_false = inject.kind == "takeover"
        name = inject.by.name
        row.key = taken_over(drill, row) if is_false else said_to_us(drill, row, name=name)
        row.save(update_fields=["key"])
    if playing:
        playing.happens(inject.name, row.minute)


def spoken(inject: Inject, language: str) -> str:
    return language if language in inject.says else "en"


def said_to_us(drill: Drill, row: Happening, *, name: str = "", beneath: str = "") -> str:
    """Somebody made up writes to us; the desk hears it as it hears every network."""
    remark = Remark.objects.create(
        channel=drill.channel, key=new_name(timezone.now()), author=row.author[:60], name=name[:80],
        text=row.text, language=row.language, beneath=beneath,
    )  # fmt: skip
    return remark.key


def taken_over(drill: Drill, row: Happening) -> str:
    """A post stands on our account that nobody of us wrote, and the desk raises the alarm."""
    now = timezone.now()
    false = Utterance.objects.create(
        channel=drill.channel, key=new_name(now), text=row.text, language=row.language,
        fingerprint="",
    )  # fmt: skip
    seen = Sighting(Receipt(false.key, ""), false.text, now)
    alarm = protect.raise_alarm(drill.channel, Odd(Oddity.FOREIGN, false.key, seen))
    if alarm:
        Alarm.objects.filter(pk=alarm.pk).update(tell_at=NEVER_TOLD)
    return false.key


def note_said(drill: Drill, playing: Playing, now: datetime, passed: float) -> None:
    """Whatever was seen on the rehearsal since, with the replies it will get. `passed`: the seconds
    that its clock ran in this round; what was seen before, as in a pause, was seen where it stood.
    """
    for delivery in newly_seen(drill):
        post = delivery.variant.post
        seen = min(max((now - (delivery.seen_at or now)).total_seconds(), 0.0), passed)
        row = Happening.objects.create(
            drill=drill, what=What.POST, name=f"post-{len(playing.said) + 1}", post=post,
            minute=max(drill.minute - seen * drill.speed / 60, 0.0), key=delivery.network_id,
            text=delivery.variant.text, language=post.language, beneath=asked_in(drill, post),
        )  # fmt: skip
        before = len(playing.replies)
        playing.say(words_of(row))
        wait(drill, playing.replies[before:])


def newly_seen(drill: Drill) -> Iterator[Delivery]:
    known = drill.happenings.exclude(post=None).values("post")
    rows = Delivery.objects.filter(
        agency=drill.agency, state=DeliveryState.SENT, part=1, seen_at__gte=drill.begun_at,
        variant__channel__drill=True,
    )  # fmt: skip
    found: set[Any] = set()
    for delivery in rows.exclude(variant__post__in=known).select_related(
        "variant__post__author"
    ).order_by("seen_at"):  # fmt: skip
        if delivery.variant.post_id not in found:
            found.add(delivery.variant.post_id)
            yield delivery


def asked_in(drill: Drill, post: Post) -> str:
    """The name of what a post answers."""
    answered = getattr(post, "answered", None)
    key = str(answered.said.get("id", "")) if answered else ""
    row = drill.happenings.filter(key=key).first() if key else None
    return row.name if row else ""


def wait(drill: Drill, replies: Sequence[Reply]) -> None:
    """They are written down at once and come at their minute, also after a restart."""
    Happening.objects.bulk_create(
        (
            Happening(
                drill=drill, what=one.mood, name=one.name, minute=one.minute, text=one.text,
                author=one.author, language=one.language, beneath=one.beneath, is_out=False,
            )
            for one in replies
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def let_people_write(drill: Drill, playing: Playing) -> None:
    """Replies whose minute has come; and, while nothing useful is said, people who ask why."""
    if not any(taken.is_useful for taken in playing.said):
        why = silence(drill.plan, playing.crowd, seed=drill.seed)
        wait(drill, [one for one in why if one.minute <= drill.minute])
    keys = dict(drill.happenings.exclude(key="").values_list("name", "key"))
    for row in drill.happenings.due(drill.minute):
        row.key = said_to_us(drill, row, beneath=keys.get(row.beneath, ""))
        row.is_out = True
        row.save(update_fields=["key", "is_out"])


def note_acts(drill: Drill) -> None:
    """Stopping and starting everything, what became of the alarm, and what was taken back."""
    for what, thing, about in acts_of(drill):
        key = f"{what} {thing.pk}"
        if drill.happenings.filter(key=key).exists():
            continue
        entry = Entry.objects.about(thing).first()
        number = drill.happenings.filter(name__startswith="act-").count() + 1
        Happening.objects.create(
            drill=drill, what=what, name=f"act-{number}", minute=drill.minute, key=key,
            beneath=about, entry=entry.number if entry else None,
            post=thing if isinstance(thing, Post) else None,
        )  # fmt: skip


def acts_of(drill: Drill) -> Iterator[tuple[What, Any, str]]:
    for hold in Hold.objects.filter(agency=drill.agency, since__gte=drill.begun_at):
        yield What.STOP, hold, ""
        if hold.lifted_at:
            yield What.START, hold, ""
    names = dict(drill.happenings.filter(what=What.INJECT).values_list("key", "name"))
    for alarm in Alarm.objects.filter(channel=drill.channel, raised_at__gte=drill.begun_at):
        if alarm.state == "disowned":
            yield What.DISOWN, alarm, names.get(alarm.network_id, "")
        elif alarm.state == "explained":
            yield What.EXPLAIN, alarm, names.get(alarm.network_id, "")
    said = drill.happenings.filter(what=What.POST, post__state=PostState.WITHDRAWN)
    for row in said.select_related("post"):
        yield What.WITHDRAW, row.post, row.name
