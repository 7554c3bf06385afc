"""One picture of a draft: what of it is covered, and what must stay in sight."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from commonground.agency.http import DeskRequest
from commonground.kit.media import shown_only
from commonground.say import actions, rules
from commonground.say.forms.pictures import CoverForm
from commonground.say.models import Attachment, Uncovered
from commonground.say.views.posts import our_post


@login_required
@require_http_methods(["GET", "POST"])
def cover(request: DeskRequest, post_id: UUID, picture_id: int) -> HttpResponse:
    """Draw boxes on faces and plates, and put the point where people should look."""
    picture = our_picture(request, post_id, picture_id)
    rules.may_touch_up(picture.post, request.user)
    form = CoverForm(picture, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return cover_page(request, picture, form)
    actions.cover_picture(picture, form.chosen(), by=request.user)
    actions.point_picture(picture, *form.focus(), by=request.user)
    if request.POST.get("then") == "back":
        return redirect(reverse("say:write", args=[post_id]) + "#pictures")
    messages.success(request, _("Saved. This is what everybody will see."))
    return redirect("say:cover_picture", post_id, picture_id)


def cover_page(request: DeskRequest, picture: Attachment, form: CoverForm) -> HttpResponse:
    context = {
        "post": picture.post, "picture": picture, "form": form,
        "whole": not picture.boxes or Uncovered.objects.filter(picture=picture).exists(),
    }  # fmt: skip
    return render(request, "say/cover.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
@shown_only
def uncovered(request: DeskRequest, post_id: UUID, picture_id: int) -> HttpResponse:
    """The picture before anything was covered: for its author, who draws on it, and nobody else."""
    picture = our_picture(request, post_id, picture_id)
    rules.may_touch_up(picture.post, request.user)
    found = Uncovered.objects.filter(picture=picture).first()
    content, kind = (found.content, found.type) if found else (picture.content, picture.type)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return HttpResponse(bytes(content), content_type=kind, headers=headers)


def our_picture(request: DeskRequest, post_id: UUID, picture_id: int) -> Attachment:
    return get_object_or_404(our_post(request, post_id).pictures, pk=picture_id)
