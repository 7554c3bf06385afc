"""The video of a draft."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.kit.media import shown_only
from commonground.kit.ranges import answer_in_parts
from commonground.say import actions, rules
from commonground.say.forms.films import VideoForm
from commonground.say.models import Video
from commonground.say.views.posts import compose, keep_words, our_post, to_pictures, typed_form


@login_required
@require_POST
def add(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """What was typed is kept before all else; then the video is made anew while they wait."""
    post = our_post(request, post_id)
    rules.may_touch_up(post, request.user)
    typed, upload = typed_form(request, post), VideoForm(request.POST, request.FILES)
    kept = keep_words(request, post, typed)
    if not upload.is_valid():
        return compose(request, post, typed, video_form=upload)
    actions.add_video(post, **upload.given(), by=request.user)
    return to_pictures(request, post, typed, kept=kept)


@login_required
@require_POST
def remove(request: DeskRequest, post_id: UUID) -> HttpResponse:
    post = our_post(request, post_id)
    rules.may_change(post, request.user)
    typed = typed_form(request, post)
    kept = keep_words(request, post, typed)
    actions.remove_video(post, by=request.user)
    return to_pictures(request, post, typed, kept=kept)


@login_required
@require_GET
@shown_only
def video(request: DeskRequest, post_id: UUID) -> HttpResponse:
    found = get_object_or_404(Video, post=our_post(request, post_id))
    answer = answer_in_parts(request, bytes(found.content), found.type)
    answer["Cache-Control"] = "private, no-cache"
    return answer


@login_required
@require_GET
@shown_only
def captions(request: DeskRequest, post_id: UUID) -> HttpResponse:
    found = get_object_or_404(Video, post=our_post(request, post_id))
    kept = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(found.captions, content_type="text/vtt; charset=utf-8", headers=kept)
