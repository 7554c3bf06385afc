"""For programs: posts as they stand, and drafts. Nothing here approves, publishes or stops."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from commonground.connect.http import IdempotencyKey, ProgramRequest, made_once
from commonground.kit.api.asking import (
    MOST_A_PAGE,
    must_be_as_read,
    needs,
    next_page,
    with_etag,
)
from commonground.kit.api.problems import not_valid
from commonground.kit.paging import by_time
from commonground.say import actions, queries
from commonground.say.forms.programs import (
    AState,
    DeliveryShown,
    Draft,
    PostLine,
    Posts,
    PostShown,
    VariantShown,
)
from commonground.say.models import Delivery, Post, Variant
from commonground.say.templatetags.say import delivery_words, state_words
from commonground.spot.models import Moment

router = Router(tags=["posts"])
READ, WRITE = "posts:read", "posts:write"


def posts_of(request: ProgramRequest) -> Any:
    """Through the agency: another agency's post is not refused, it is not there."""
    return request.auth.agency.posts.select_related("author", "agency")


def our_post(request: ProgramRequest, post_id: UUID) -> Post:
    found: Post = get_object_or_404(posts_of(request), pk=post_id)
    return found


def line(post: Post) -> dict[str, Any]:
    return {
        "id": post.pk, "state": post.state, "stands": state_words(post), "title": post.title,
        "language": post.language, "author": post.author.name, "urgent": post.urgent,
        "go_out_at": post.go_out_at, "made_at": post.made_at, "changed_at": post.changed_at,
        "page": settings.ENV.site_url.rstrip("/") + post.get_absolute_url(),
    }  # fmt: skip


def whole(post: Post) -> PostShown:
    own = (
        "text", "good_for", "parting", "reason", "held_because", "approved_at",
    )  # fmt: skip
    plain = {name: getattr(post, name) for name in own}
    variants = [variant_shown(variant, post) for variant in queries.deliveries_of(post)]
    return PostShown(
        **line(post), **plain, moment=post.moment_id, corrects=post.corrects_id, variants=variants
    )


def variant_shown(variant: Variant, post: Post) -> VariantShown:
    rows = sorted(variant.deliveries.all(), key=lambda row: row.part)
    return VariantShown(
        channel=variant.channel_id, name=variant.channel.name, network=variant.channel.network,
        title=variant.title, text=variant.text, own_words=variant.detached, parts=variant.parts,
        stands=delivery_words(variant),
        deliveries=[delivery_shown(row, variant) for row in rows],
    )  # fmt: skip


def delivery_shown(row: Delivery, variant: Variant) -> DeliveryShown:
    return DeliveryShown(
        id=row.pk, post=variant.post_id, channel=variant.channel_id, part=row.part,
        state=row.state, due_at=row.due_at, tried_at=row.last_tried_at, seen_at=row.seen_at,
        withdrawn_at=row.withdrawn_at, url=row.url, why=row.why,
        needs_a_person=row.raised_at is not None and row.acknowledged_at is None,
    )  # fmt: skip


@router.get("/posts", response=Posts, summary="Posts, the last changed first", **needs(READ))
def posts(
    request: ProgramRequest,
    state: AState | None = None,
    moment: UUID | None = None,
    before: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 20,
) -> dict[str, Any]:
    rows = posts_of(request)
    wanted = {name: value for name, value in (("state", state), ("moment", moment)) if value}
    page = by_time(rows.filter(**wanted), "changed_at", before, limit)
    items = [PostLine(**line(post)) for post in page.rows]
    return {"items": items, "next": next_page(request, page, before)}


@router.get(
    "/posts/{uuid:post_id}", response={200: PostShown, 304: None}, summary="One post",
    **needs(READ),
)  # fmt: skip
def post(request: ProgramRequest, response: HttpResponse, post_id: UUID) -> Any:
    """With what each channel shows, and whether the desk saw it there."""
    return with_etag(request, response, whole(our_post(request, post_id)))


@router.get(
    "/deliveries/{uuid:delivery_id}", response={200: DeliveryShown, 304: None},
    summary="One delivery", **needs(READ),
)  # fmt: skip
def delivery(request: ProgramRequest, response: HttpResponse, delivery_id: UUID) -> Any:
    """One text on its way to one channel, as webhooks name it."""
    ours = Delivery.objects.filter(agency=request.auth.agency_id)
    found = get_object_or_404(ours.select_related("variant__channel"), pk=delivery_id)
    return with_etag(request, response, delivery_shown(found, found.variant))


@router.post(
    "/posts", response={201: PostShown, 200: PostShown}, summary="Write a draft", **needs(WRITE)
)
def draft(
    request: ProgramRequest, response: HttpResponse, asked: Draft, key: IdempotencyKey
) -> Status[Any]:
    """201 when it was made, 200 when the same request was sent before. It waits for a person."""
    on, moment = channels_for(request, asked), moment_for(request, asked)

    def make() -> Post:
        words = asked.words(on)
        return actions.draft_from_program(words, moment=moment, by=request.auth.member)

    made, new = made_once(request, key, asked, make)
    found = with_etag(request, response, whole(our_post(request, made)))
    response["Location"] = f"{request.path}/{made}"
    return Status(201 if new else 200, found)


@router.put("/posts/{uuid:post_id}", response=PostShown, summary="Write it anew", **needs(WRITE))
def rewrite(request: ProgramRequest, response: HttpResponse, post_id: UUID, asked: Draft) -> Any:
    """Possible while it is a draft of the token's own member. Needs `If-Match`."""
    actions.rewrite(
        our_post(request, post_id), asked.words(channels_for(request, asked)),
        moment=moment_for(request, asked), by=request.auth.member,
        as_read=lambda post: must_be_as_read(request, whole(post)),
    )  # fmt: skip
    return with_etag(request, response, whole(our_post(request, post_id)))


@router.post(
    "/posts/{uuid:post_id}/submit", response=PostShown, summary="Send it for approval",
    **needs(WRITE),
)  # fmt: skip
def submit(request: ProgramRequest, response: HttpResponse, post_id: UUID) -> Any:
    """Asks for a second pair of eyes. Who reads it, and says yes or no, is a person."""
    found = our_post(request, post_id)
    actions.submit(found, by=request.auth.member)
    return with_etag(request, response, whole(our_post(request, post_id)))


@router.post(
    "/posts/{uuid:post_id}/recall", response=PostShown, summary="Take it back to change it",
    **needs(WRITE),
)  # fmt: skip
def recall(request: ProgramRequest, response: HttpResponse, post_id: UUID) -> Any:
    """A draft again, while nobody approved it yet."""
    actions.recall(our_post(request, post_id), by=request.auth.member)
    return with_etag(request, response, whole(our_post(request, post_id)))


def channels_for(request: ProgramRequest, asked: Draft) -> list[UUID]:
    """Those it is for; one the member may not speak on is a mistake, and not passed over."""
    may = list(queries.spoken_by(request.auth.member).values_list("pk", flat=True))
    if asked.channels is None:
        return may
    named = [one.id for one in asked.channels]
    if strange := [str(one) for one in named if one not in may]:
        said = _("The member of this token may not speak on %(channels)s.")
        raise not_valid("channels", said % {"channels": ", ".join(strange[:3])})
    return named


def moment_for(request: ProgramRequest, asked: Draft) -> Moment | None:
    if asked.moment is None:
        return None
    found = request.auth.agency.moments.filter(pk=asked.moment).first()
    if found is None:
        raise not_valid("moment", _("There is no such moment."))
    return found
