"""Behind each door of `say`: a thing for which the button is there, and what a form asks for.

The things are the author's own. A post in the wrong state refuses everybody, and would prove
nothing of who may.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from commonground.agency.models import Agency, Member
from commonground.channels.models import Authorisation
from commonground.say import actions
from commonground.say.forms import as_typed
from commonground.say.models import (
    Attachment,
    BrokenGlass,
    Card,
    Delivery,
    Echo,
    EchoCall,
    Post,
    Restart,
    Series,
    Video,
)
from commonground.say.tests.filmed import CAPTIONS, a_film
from tests import given

type Words = dict[str, Any]


@dataclass
class Behind:
    """What the address names, and what is typed: made anew for each press, for files end."""

    things: dict[str, Any] = field(default_factory=dict)
    typed: Callable[[], Words] = dict


@dataclass
class Desk:
    agency: Agency
    author: Member


WHY = {"reason": "So that it is tried."}
A_THREAD = {"text": "Road closed.\n---\nUse the quay.\n---\nMore at noon.", "parting": "numbered"}


def what_is_always_there(_desk: Desk) -> Behind:
    """The row of everywhere else is made when somebody first looks, and says nothing yet."""
    for agency in Agency.objects.all():
        actions.everywhere_of(agency)
    return Behind()


def a_key_for_everybody(_desk: Desk) -> Behind:
    for member in Member.objects.all():
        actions.make_calendar_key(by=member)
    return Behind()


def the_second_of_two_rules(desk: Desk) -> Behind:
    said = {"steps": [{"people": 2, "unit": ""}]}
    desk.agency.review_rules.create(place=1, name="Day", **said)
    second = desk.agency.review_rules.create(place=2, name="Night", **said)
    return Behind({"rule_id": second.pk})


def a_draft(desk: Desk, **but: Any) -> Post:
    return given.a_post(by=desk.author, **but)


def in_review(desk: Desk, **but: Any) -> Post:
    return given.a_post_in_review(by=desk.author, **but)


def approved(desk: Desk, **but: Any) -> Post:
    post = in_review(desk, **but)
    actions.approve(post, read=post.digest, by=given.an_approver(post))
    post.refresh_from_db()
    return post


def in_state(post: Post, state: str) -> Post:
    """Where the desk itself would have brought it."""
    Post.objects.filter(pk=post.pk).update(state=state)
    post.refresh_from_db()
    return post


def public(desk: Desk, **but: Any) -> Post:
    post = in_state(approved(desk, **but), "published")
    Delivery.objects.filter(variant__post=post).update(
        state="sent", url="https://riverside.example/1", network_id="1", seen_at=timezone.now(),
        attempt=1,
    )  # fmt: skip
    return post


def held(desk: Desk) -> Post:
    return actions.hold(approved(desk), reason="Wait.", by=desk.author)


def the_post(post: Post, **typed: Any) -> Behind:
    return Behind({"post_id": post.pk}, lambda: typed)


def with_the_words(post: Post, more: Callable[[], Words] = dict, **things: Any) -> Behind:
    """The buttons beside a draft send its whole form along."""
    kept = {k: v for k, v in as_typed(post).items() if v not in (None, False)}
    return Behind({"post_id": post.pk, **things}, lambda: {**kept, **more()})


def read_by(post: Post, **typed: Any) -> Behind:
    return the_post(post, read=post.digest, have_read="on", **WHY, **typed)


def a_delivery(post: Post, state: str, part: int = 1, **but: Any) -> Behind:
    rows = Delivery.objects.filter(variant__post=post, part=part)
    now = timezone.now()
    rows.update(state=state, attempt=1, raised_at=now, **but)
    return Behind({"delivery_id": rows.get().pk})


def unsure(desk: Desk) -> Behind:
    post = in_state(approved(desk), "publishing")
    return a_delivery(post, "unsure", handed_over_at=timezone.now())


def half_out(desk: Desk) -> Behind:
    post = in_state(approved(desk, **A_THREAD), "publishing")
    return a_delivery(post, "declined", part=2)


def alone(desk: Desk) -> Behind:
    post = a_draft(desk)
    Authorisation.objects.filter(member=desk.author).update(alone=True)
    return read_by(post)


def a_broken_pane(desk: Desk) -> Behind:
    pane = BrokenGlass.objects.create(
        agency=desk.agency, post=approved(desk), by=desk.author, reason="Flood", read="x"
    )
    return Behind({"glass_id": pane.pk}, lambda: {"verdict": "right", "said": "It was."})


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    return out.getvalue()


def a_pictured(desk: Desk) -> tuple[Post, Attachment]:
    post = a_draft(desk)
    return post, actions.add_picture(post, png(), "A bridge", by=desk.author)


def an_upload() -> Words:
    return {"upload": SimpleUploadedFile("a.png", png(), "image/png"), "alt": "A bridge"}


def a_film_to_add() -> Words:
    return {
        "film": SimpleUploadedFile("a.mp4", a_film(0.5), "video/mp4"),
        "captions": SimpleUploadedFile("a.vtt", CAPTIONS, "text/vtt"),
        "film_language": "en", "film_alt": "A road",
    }  # fmt: skip


def a_filmed(desk: Desk) -> Post:
    post = a_draft(desk)
    Video.objects.create(
        post=post, content=b"film", sha256="x", type="video/mp4", width=8, height=8, seconds=1,
        alt="A road", captions="WEBVTT", language="en",
    )  # fmt: skip
    return post


def a_linked(desk: Desk) -> tuple[Post, Card]:
    post = a_draft(desk, text="See https://127.0.0.1/ today.")
    card = Card.objects.create(
        post=post, url="https://127.0.0.1/", title="Bridge", content=png(), sha256="x" * 64,
        type="image/png", width=64, height=48,
    )  # fmt: skip
    return post, card


def a_version(desk: Desk) -> tuple[Post, dict[str, Any]]:
    post = a_draft(desk)
    version = actions.add_version(post, language="fr", area=None, by=desk.author)
    actions.change_version(version, {"title": "Pont", "text": "Le pont."}, by=desk.author)
    version.refresh_from_db()
    return post, {"version": version, "things": {"post_id": post.pk, "version_id": version.pk}}


def rewritten(desk: Desk) -> Behind:
    _post, made = a_version(desk)
    seen = made["version"].changed_at.isoformat()
    typed = {"title": "Un pont", "text": "Le pont est ouvert.", "before": seen}
    return Behind(made["things"], lambda: typed)


def to_confirm(desk: Desk) -> Behind:
    """Its main words have changed since."""
    post, made = a_version(desk)
    words = {"title": post.title, "text": "The bridge is open."}
    Post.objects.filter(pk=post.pk).update(**words, changed_at=timezone.now())
    return Behind(made["things"])


def a_proposal(desk: Desk) -> Behind:
    post = a_draft(desk)
    made = post.proposals.create(by=desk.author, kind="shorter", before=post.text, text="Shorter.")
    return Behind({"proposal_id": made.pk})


def asking(desk: Desk) -> Behind:
    return the_post(a_draft(desk), kind="shorter", told="on")


def an_offer(desk: Desk) -> Behind:
    call = EchoCall.objects.create(agency=desk.agency, post=public(desk), by=desk.author)
    given.a_channel(agency=desk.agency, authorised=[desk.author])
    echo = Echo.objects.create(call=call, member=desk.author)
    return Behind({"echo_id": echo.pk})


def an_offered_post(desk: Desk) -> Behind:
    call = EchoCall.objects.create(agency=desk.agency, post=public(desk), by=desk.author)
    return the_post(call.post)


def to_offer(desk: Desk) -> Behind:
    colleague = given.a_member(agency=desk.agency)
    given.a_channel(agency=desk.agency, authorised=[colleague])
    return the_post(public(desk))


def a_series(desk: Desk, **but: Any) -> Series:
    today = timezone.localdate()
    series = desk.agency.series.create(
        author=desk.author, title="Coffee", text="Come.", repeats="week", at="16:00", since=today,
        until=today + timedelta(days=300), **but,
    )  # fmt: skip
    series.refresh_from_db()
    series.channels.add(given.a_channel(agency=desk.agency, authorised=[desk.author]))
    return series


def the_series(series: Series, **typed: Any) -> Behind:
    return Behind({"series_id": series.pk}, lambda: typed)


def a_day(series: Series) -> Behind:
    day = series.rhythm.between(series.since, series.until)[2]
    return Behind({"series_id": series.pk, "day": day.isoformat()})


def a_day_left_out(desk: Desk) -> Behind:
    series = a_series(desk)
    behind = a_day(series)
    actions.skip_occurrence(series, series.rhythm.between(series.since, series.until)[2],
                            by=desk.author)  # fmt: skip
    return behind


def planned(series: Series) -> Words:
    kept = {"title": "Coffee", "text": "Come along.", "language": "en", "every": "1",
            "repeats": "week", "at": "16:00", "ahead": "7"}  # fmt: skip
    days = {"since": f"{timezone.localdate() + timedelta(days=7)}", "until": f"{series.until}"}
    return {**kept, **days, "channels": [str(pk) for pk in
                                         series.channels.values_list("pk", flat=True)]}  # fmt: skip


def a_changed_series(desk: Desk) -> Behind:
    before = a_series(desk)
    said = {"title": "Coffee", "text": "Come along.", "language": "en", "every": 1,
            "repeats": "week", "weekdays": [], "at": before.at, "ahead": 7, "asks": True,
            "campaign": None, "channels": list(before.channels.all()),
            "since": timezone.localdate() + timedelta(days=7), "until": before.until}  # fmt: skip
    return the_series(actions.change_series(before, said, by=desk.author))  # type: ignore[arg-type]


def a_day_of(desk: Desk, series: Series) -> Post:
    day = series.rhythm.between(series.since, series.until)[1]
    post = actions.draft_occurrence(series, day, by=desk.author)
    return actions.submit(post, by=desk.author)


def to_read_together(desk: Desk) -> Behind:
    series = a_series(desk)
    post = a_day_of(desk, series)
    return the_series(series, have_read="on", post=[f"{post.pk} {post.digest}"])


def a_queued_series(desk: Desk) -> Behind:
    series = a_series(desk)
    post = a_day_of(desk, series)
    actions.approve(post, read=post.digest, by=given.an_approver(post))
    return the_series(series, **WHY)


def a_campaign(desk: Desk, **but: Any) -> Any:
    today = timezone.localdate()
    return desk.agency.campaigns.create(
        name="Winter", goal="Fewer crashes", since=today, until=today + timedelta(days=90),
        owner=desk.author, **but,
    )  # fmt: skip


def the_campaign(campaign: Any, **typed: Any) -> Behind:
    return Behind({"campaign_id": campaign.pk}, lambda: typed)


def a_held_campaign(desk: Desk) -> Behind:
    campaign = a_campaign(desk)
    actions.hold_campaign(campaign, reason="Wait.", by=desk.author)
    return the_campaign(campaign)


def goal_of(desk: Desk) -> Words:
    today = timezone.localdate()
    return {"name": "Spring", "goal": "Fewer crashes", "since": f"{today}",
            "until": f"{today + timedelta(days=9)}", "owner": f"{desk.author.pk}",
            "mark": "wave"}  # fmt: skip


def posts_about(desk: Desk) -> Behind:
    moment = given.a_moment(agency=desk.agency)
    post = approved(desk)
    return Behind({"moment_id": moment.pk}, lambda: {"post": [f"{post.pk}"], **WHY})


def a_restart(desk: Desk) -> Behind:
    now = timezone.now()
    made = Restart.objects.create(agency=desk.agency, stopped_at=now, at=now)
    return Behind({"restart_id": made.pk})


def to_cover(desk: Desk) -> Behind:
    post, picture = a_pictured(desk)
    typed = {"box-TOTAL_FORMS": "1", "box-INITIAL_FORMS": "0", "box-0-left": "10",
             "box-0-top": "10", "box-0-width": "20", "box-0-height": "20", "focus_x": "50",
             "focus_y": "50"}  # fmt: skip
    return Behind({"post_id": post.pk, "picture_id": picture.pk}, lambda: typed)


def beside_a_card(desk: Desk, **words: str) -> Behind:
    post, card = a_linked(desk)
    typed = {f"card{card.pk}-{name}": said for name, said in words.items()}
    return with_the_words(post, lambda: typed, card_id=card.pk)


def beside_a_picture(desk: Desk) -> Behind:
    post, picture = a_pictured(desk)
    return with_the_words(post, picture_id=picture.pk)


def to_withdraw(desk: Desk) -> Behind:
    return the_post(public(desk), **WHY)


def failed(desk: Desk) -> Behind:
    post = in_state(approved(desk), "failed")
    Delivery.objects.filter(variant__post=post).update(
        state="late", attempt=1, raised_at=timezone.now()
    )  # fmt: skip
    return the_post(post)


def stopped_by_the_coach(desk: Desk) -> Behind:
    return read_by(a_draft(desk, text="We arrested the killer this morning."))


def drafts_of(desk: Desk, **typed: Any) -> Behind:
    campaign = a_campaign(desk)
    return the_campaign(campaign, post=f"{a_draft(desk).pk}", **typed)


# What a door needs besides what the address alone says of it.
BEHIND: dict[str, Callable[[Desk], Behind]] = {
    "acknowledge": unsure,
    "add_picture": lambda desk: with_the_words(a_draft(desk), an_upload),
    "add_video": lambda desk: with_the_words(a_draft(desk), a_film_to_add),
    "approve": lambda desk: read_by(in_review(desk)),
    "approve_series": to_read_together,
    "areas": what_is_always_there,
    "break_glass": alone,
    "break_off": half_out,
    "campaign": lambda desk: the_campaign(a_campaign(desk)),
    "captions": lambda desk: the_post(a_filmed(desk)),
    "card_picture": beside_a_card,
    "change_campaign": lambda desk: the_campaign(a_campaign(desk), **goal_of(desk)),
    "change_series": lambda desk: (lambda s: the_series(s, **planned(s)))(a_series(desk)),
    "confirm": unsure,
    "confirm_version": to_confirm,
    "correct": lambda desk: the_post(public(desk)),
    "cover_picture": to_cover,
    "decline_echo": an_offer,
    "draft_occurrence": lambda desk: a_day(a_series(desk)),
    "drop": lambda desk: the_post(a_draft(desk)),
    "echo": an_offer,
    "end_calendar_key": a_key_for_everybody,
    "end_offer": an_offered_post,
    "end_series": lambda desk: the_series(a_series(desk)),
    "go_on": half_out,
    "help": lambda desk: the_post(a_draft(desk)),
    "hold": lambda desk: the_post(approved(desk), **WHY),
    "hold_campaign": lambda desk: the_campaign(a_campaign(desk), **WHY),
    "hold_series": a_queued_series,
    "hold_several": posts_about,
    "join_campaign": drafts_of,
    "leave_campaign": lambda desk: the_post(a_draft(desk, campaign=a_campaign(desk))),
    "leave_out_card": beside_a_card,
    "new_campaign": lambda desk: Behind({}, lambda: goal_of(desk)),
    "new_series": lambda desk: (lambda s: Behind({}, lambda: planned(s)))(a_series(desk)),
    "note_restart": a_restart,
    "offer_echo": to_offer,
    "override": stopped_by_the_coach,
    "picture": beside_a_picture,
    "pocket_begin": lambda _desk: Behind(
        {}, lambda: {"key": f"{uuid.uuid4()}", "text": "The bridge."}
    ),
    "propose_words": asking,
    "put_review_rule_first": the_second_of_two_rules,
    "read_card": lambda desk: with_the_words(
        a_draft(desk, text="See https://127.0.0.1/ today."), lambda: {"link": "https://127.0.0.1/"}
    ),
    "recall": lambda desk: the_post(in_review(desk)),
    "reject": lambda desk: read_by(in_review(desk)),
    "release": lambda desk: the_post(held(desk)),
    "release_campaign": a_held_campaign,
    "remove_picture": beside_a_picture,
    "remove_version": lambda desk: Behind(a_version(desk)[1]["things"]),
    "remove_video": lambda desk: with_the_words(a_filmed(desk)),
    "restore_occurrence": a_day_left_out,
    "resume_series": lambda desk: the_series(a_series(desk, ended_at=timezone.now())),
    "retry": failed,
    "review_glass": a_broken_pane,
    "rule_out": unsure,
    "send_back": lambda desk: read_by(in_review(desk)),
    "skip_occurrence": lambda desk: a_day(a_series(desk)),
    "submit": lambda desk: the_post(a_draft(desk)),
    "take_echo": an_offer,
    "take_proposal": a_proposal,
    "uncovered": lambda desk: (
        lambda made: Behind({"post_id": made[0].pk, "picture_id": made[1].pk})
    )(a_pictured(desk)),
    "undo_change_series": a_changed_series,
    "version": rewritten,
    "video": lambda desk: the_post(a_filmed(desk)),
    "withdraw": to_withdraw,
    "write": lambda desk: with_the_words(a_draft(desk), lambda: {"text": "The bridge is open."}),
    "write_card": lambda desk: beside_a_card(desk, title="A bridge", about="Of steel"),
}
