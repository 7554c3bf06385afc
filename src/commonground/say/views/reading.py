"""The pages of whoever reads a post before it goes out, or looks at it afterwards."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions, queries, rules
from commonground.say.forms import DecisionForm, GlassForm
from commonground.say.models import Post, is_asked, left_to_read
from commonground.say.queries.versions import coached_in, versions_of
from commonground.say.views.posts import our_post, page
from commonground.spot.queries.joint import shared_from


@login_required
@require_GET
def waiting(request: DeskRequest) -> HttpResponse:
    """What waits for this person's yes."""
    theirs = queries.waiting_for(request.user)
    mine = queries.in_review_by(request.user)
    return render(request, "say/waiting.html", {"waiting": theirs, "mine": mine})


@login_required
@require_http_methods(["GET", "POST"])
def approve(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """Read exactly what would go out, then say yes to these words."""
    post = our_post(request, post_id)
    form = DecisionForm(request.POST or None, versions=versions_of(post))
    if request.method == "POST" and form.is_valid() and form.has_read_all():
        return redirect(actions.approve(post, read=form.cleaned_data["read"], by=request.user))
    return read_page(request, post, unread=request.method == "POST")


def read_page(request: DeskRequest, post: Post, *, unread: bool = False) -> HttpResponse:
    versions = versions_of(post)
    context = {
        "versions": versions, "coached_versions": coached_in(post, versions),
        "post": post, "previews": queries.previews_of(post), "digest": post.digest,
        "may_approve": "approver" in request.user.roles and is_asked(post, request.user),
        "reading": queries.reading_of(post),
        "last": left_to_read(post, request.user) is None,
        "hindrance": rules.hindrance(post), "unread": unread,
        "named": queries.named_in(post), "coached": queries.coached(post),
        "joint": bool(post.moment and shared_from(post.moment)),
        "machine": queries.speaks_as_the_machine(post.title, post),
        "reviews": post.reviews.select_related("by")[:5],
    }  # fmt: skip
    return render(request, "say/approve.html", context, status=422 if unread else 200)


@login_required
@require_POST
def decide(request: DeskRequest, post_id: UUID, verb: str) -> HttpResponse:
    """Send back, reject or withdraw: each needs a reason."""
    post = our_post(request, post_id)
    form = DecisionForm(request.POST)
    form.full_clean()
    reason = {"reason": form.cleaned_data.get("reason", "")}
    if verb != "withdraw":
        reason["read"] = form.cleaned_data.get("read", "")
    return redirect(getattr(actions, verb)(post, by=request.user, **reason))


@login_required
@require_POST
def break_glass(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """Alone, with a reason: whoever does it has just shown that it is them."""
    answer: HttpResponse = publish_alone(request, our_post(request, post_id))
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def publish_alone(request: DeskRequest, post: Post) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.full_clean()
    said = {name: form.cleaned_data.get(name, "") for name in ("read", "reason")}
    return redirect(actions.break_glass(post, by=request.user, **said))


@login_required
@require_POST
def review_glass(request: DeskRequest, glass_id: UUID) -> HttpResponse:
    """Say afterwards whether it was right."""
    glass = get_object_or_404(request.user.agency.broken_glass, pk=glass_id)
    form = GlassForm(request.POST)
    if not form.is_valid():
        return page(request, glass.post, "say/post.html", glass_form=form)
    actions.review_glass(glass, by=request.user, **form.cleaned_data)
    return redirect(glass.post)
