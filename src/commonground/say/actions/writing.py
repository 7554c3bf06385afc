"""What an author does: from first words to asking for approval."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from commonground.agency.models import Member
from commonground.kit.apart import TOO_MUCH, Unusable, apart
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import advance, witness
from commonground.say import queries, rules
from commonground.say.actions.laying import lay_out
from commonground.say.actions.own_cards import card_own_pages
from commonground.say.engine.pictures import WORK, CleanPicture, picture_of
from commonground.say.engine.words import Words
from commonground.say.models import (
    Attachment,
    Campaign,
    Delivery,
    Post,
    PublicAlert,
    ReviewRequest,
    Variant,
)
from commonground.say.states import State
from commonground.spot.models import Moment, Resource

MOST_PICTURES = 4  # what every network of ours takes
# A photograph takes a second. Memory: three times the pixels of the largest, and the libraries.
PATIENCE, MEMORY = 10, 768 * 1024**2
REFUSALS = {
    "kind": gettext_lazy("This is not a JPEG, PNG or WebP picture."),
    "size": gettext_lazy(
        "This picture is larger than 40 megapixels. Make it smaller and try again."
    ),
    "broken": gettext_lazy("This picture cannot be read. Save it again and try once more."),
    TOO_MUCH: gettext_lazy("This picture is too much for this desk. Make it smaller."),
}


@transaction.atomic
def begin(
    *,
    by: Member,
    moment: Moment | None = None,
    resources: Iterable[Resource] = (),
    go_out_at: datetime | None = None,
    campaign: Campaign | None = None,
    **words: str,
) -> Post:
    """Start a draft, from a moment with the help that fits it already in place, or from nothing."""
    rules.may_write(by)
    post = Post.objects.create(
        agency=by.agency, author=by, moment=moment, go_out_at=go_out_at, campaign=campaign, **words
    )
    post.resources.set(resources)
    for channel in queries.spoken_by(by):
        Variant.objects.create(post=post, channel=channel, title=post.title, text=post.text)
    lay_out(post)
    witness("begin", post, by=by, moment=str(moment.pk) if moment else None)
    return post


@transaction.atomic
def write(
    post: Post, words: Words, *, by: Member, page: str = "", before: str = "", turn: int = 0
) -> Post:
    """Keep what the author typed. Possible in a draft only; every earlier yes is void by then.

    `page` is the open page it was typed on, `before` the one whose words that page started
    from. Words that came from any other page meanwhile are not overwritten unseen. `turn`
    counts the page's own savings: one that was overtaken on its way must not undo a later one.
    """
    rules.may_change(post, by)
    rules.must_be_no_version(post, words.language)
    if post.answers:  # nobody is shown its title, but the public log: it names nobody
        words = replace(words, title=post.title)
    # Naming the state makes an approval and an edit exclude each other, whoever is first.
    still_draft = Post.objects.filter(pk=post.pk, state=State.DRAFT)
    ours = Q(written_on=before) | Q(written_on=page, written_turn__lte=turn)
    as_the_page_saw_it = still_draft.filter(ours) if page else still_draft
    if not as_the_page_saw_it.update(
        title=words.title, text=words.text, language=words.language, written_on=page,
        written_turn=turn, go_out_at=words.go_out_at, urgent=words.urgent,
        good_for=words.good_for, parting=words.parting, changed_at=timezone.now(),
    ):  # fmt: skip
        must_be_draft(post)
        raise MovedOn(_("You wrote on in another window, so nothing is saved from this one."))
    post.refresh_from_db()
    post.variants.exclude(channel_id__in=words.channels).delete()
    passed_on = set(post.variants.exclude(boosts=None).values_list("channel", flat=True))
    for channel in queries.channels_for(post, by).filter(pk__in=words.channels):
        own = words.detached.get(channel.pk)
        if own is None and channel.pk in passed_on:
            continue  # what the network's button passes on has other words than the draft
        Variant.objects.update_or_create(
            post=post,
            channel=channel,
            defaults={
                "title": words.title,
                "text": words.text if own is None else own,
                "detached": own is not None,
                "speaks": words.speaks.get(channel.pk, ""),
                "boosts": None,
            },
        )
    post = keep_alert(post, words)
    lay_out(post)
    card_own_pages(post)
    return post


def keep_alert(post: Post, words: Words) -> Post:
    if not words.alert_asked:
        return post
    if words.alert:
        PublicAlert.objects.update_or_create(post=post, defaults=asdict(words.alert))
    else:
        PublicAlert.objects.filter(post=post).delete()
    post.refresh_from_db()  # it may remember another alert, or none
    return post


def add_picture(post: Post, upload: bytes, alt: str, *, by: Member) -> Attachment:
    """Add a picture, written anew from its pixels so that nothing hidden travels with it.

    A stranger's bytes are read in a process apart, and outside of any transaction.
    """
    rules.may_change(post, by)
    must_have_room_for_a_picture(post)
    if not alt.strip():
        raise Refused(_("Describe the picture for people who cannot see it."))
    try:
        picture = picture_of(apart(WORK, upload, seconds=PATIENCE, memory=MEMORY))
    except Unusable as why:
        raise Refused(str(REFUSALS.get(why.code, REFUSALS["broken"]))) from why
    return hang_picture(post, picture, alt, by=by)


def must_have_room_for_a_picture(post: Post) -> None:
    if post.pictures.count() >= MOST_PICTURES:
        raise Refused(_("Four pictures are the most a post can carry."))
    if post.video_print():
        raise Refused(_("A post carries pictures or one video. Remove what is there first."))


@transaction.atomic
def hang_picture(post: Post, picture: CleanPicture, alt: str, *, by: Member) -> Attachment:
    must_be_draft(post)
    must_have_room_for_a_picture(post)
    attachment = Attachment.objects.create(
        post=post, place=post.pictures.count(), content=picture.content, sha256=picture.sha256,
        type=picture.type, width=picture.width, height=picture.height, alt=alt.strip()[:1500],
    )  # fmt: skip
    lay_out(post)
    witness("add_picture", post, by=by, sha256=picture.sha256)
    return attachment


@transaction.atomic
def remove_picture(post: Post, picture: Attachment, *, by: Member) -> None:
    rules.may_change(post, by)
    must_be_draft(post)
    witness("remove_picture", post, by=by, sha256=picture.sha256)
    picture.delete()
    lay_out(post)


def must_be_draft(post: Post) -> None:
    locked = Post.objects.select_for_update().filter(pk=post.pk, state=State.DRAFT)
    if not locked.exists():
        raise MovedOn(_("This is no longer a draft. Take it back before you change it."))


@transaction.atomic
def submit(post: Post, *, by: Member) -> Post:
    """Ask for a second pair of eyes."""
    if post.agency.areas.exists():  # what is known of one may have changed since it was written
        lay_out(post)
    rules.may_submit(post, by)
    ReviewRequest.objects.filter(post=post).delete()
    ReviewRequest.objects.create(post=post, asked_at=database_now(), tell_at=database_now())
    return advance(post, "submit", by=by, told={"digest": post.digest}, reason="")


@transaction.atomic
def recall(post: Post, *, by: Member) -> Post:
    """Take it back from the queue to change it; whoever was reading is told."""
    rules.may(post, "recall", by)
    rules.may_change(post, by)
    return advance(post, "recall", by=by)


@transaction.atomic
def retry(post: Post, *, by: Member) -> Post:
    """Make a draft again of a post that reached nobody. It needs a new approval."""
    rules.may(post, "retry", by)
    rules.may_change(post, by)
    rules.must_be_gone(post)
    Delivery.objects.filter(variant__post=post).delete()
    post.variants.update(taken_back_at=None)
    return advance(post, "retry", by=by, approved_digest="", approved_at=None, go_out_at=None)


@transaction.atomic
def drop(post: Post, *, by: Member) -> Post:
    """Put a draft away unsaid. It stays in the record."""
    rules.may(post, "drop", by)
    rules.may_change(post, by)
    return advance(post, "drop", by=by)
