"""The page of one version of a draft: its words beside the main ones."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions, queries, rules
from commonground.say.forms.versions import VersionForm
from commonground.say.models import Version
from commonground.say.queries.versions import (
    changed_since,
    previews_showing,
    to_describe,
    words_of_version,
)
from commonground.say.views.posts import our_post


@login_required
@require_http_methods(["GET", "POST"])
def write(request: DeskRequest, post_id: UUID, version_id: int) -> HttpResponse:
    """Its words, with what the main ones say now, and what has changed in them since."""
    version = our_version(request, post_id, version_id)
    rules.may_change(version.post, request.user)
    shown = to_describe(version)
    form = VersionForm(request.POST or None, version=version, shown=shown)
    if request.method == "GET" or not form.is_valid():
        return page(request, version, form)
    if form.written_elsewhere():
        return compare(request, version)
    actions.change_version(version, form.words(), by=request.user)
    if request.POST.get("then") == "back":
        return back_to_the_draft(version)
    return redirect(version)


def compare(request: DeskRequest, version: Version) -> HttpResponse:
    """Two windows, one version: both texts on one page, so that a person loses neither."""
    typed = request.POST.copy()
    typed["before"] = version.changed_at.isoformat()
    form = VersionForm(typed, version=version, shown=to_describe(version))
    return page(request, version, form, elsewhere=True)


def page(
    request: DeskRequest, version: Version, form: VersionForm, *, elsewhere: bool = False
) -> HttpResponse:
    post = version.post
    words = words_of_version(version, queries.words_of(post))
    context = {
        "post": post, "version": version, "form": form, "changed": changed_since(version),
        "previews": previews_showing(version), "elsewhere": elsewhere,
        "coached": queries.coached(post, words), "language": version.language,
    }  # fmt: skip
    status = 409 if elsewhere else 422 if form.errors else 200
    return render(request, "say/version.html", context, status=status)


@login_required
@require_POST
def confirm(request: DeskRequest, post_id: UUID, version_id: int) -> HttpResponse:
    version = our_version(request, post_id, version_id)
    actions.confirm_version(version, by=request.user)
    return back_to_the_draft(version)


@login_required
@require_POST
def remove(request: DeskRequest, post_id: UUID, version_id: int) -> HttpResponse:
    version = our_version(request, post_id, version_id)
    actions.remove_version(version, by=request.user)
    return back_to_the_draft(version)


def back_to_the_draft(version: Version) -> HttpResponse:
    return redirect(reverse("say:write", args=[version.post_id]) + "#versions")


def our_version(request: DeskRequest, post_id: UUID, version_id: int) -> Version:
    """Of a post of ours, with that post at hand."""
    post = our_post(request, post_id)
    version = get_object_or_404(post.versions.select_related("area"), pk=version_id)
    version.post = post
    return version
