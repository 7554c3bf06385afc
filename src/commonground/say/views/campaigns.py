"""The pages of campaigns."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions, queries, rules
from commonground.say.forms.planning import CampaignForm
from commonground.say.models import Campaign
from commonground.say.queries.campaigns import could_join, parts_of
from commonground.say.views.posts import our_post


@login_required
@require_GET
def campaigns(request: DeskRequest) -> HttpResponse:
    today, rows = timezone.localdate(), request.user.agency.campaigns.select_related("owner")
    context = {
        "current": rows.filter(until__gte=today).order_by("since", "name"),
        "past": rows.filter(until__lt=today)[:10],
        "may_write": "author" in request.user.roles,
    }
    return render(request, "say/campaigns.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    rules.may_write(request.user)
    form = CampaignForm(request.POST or None, by=request.user)
    if form.is_valid():
        return redirect(actions.begin_campaign(form.cleaned_data, by=request.user))  # type: ignore[arg-type]
    return written(request, form)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    campaign = our_campaign(request, campaign_id)
    rules.may_lead(campaign, request.user)
    form = CampaignForm(request.POST or None, by=request.user, campaign=campaign)
    if form.is_valid():
        said = form.cleaned_data
        return redirect(actions.change_campaign(campaign, said, by=request.user))  # type: ignore[arg-type]
    return written(request, form, campaign)


def written(
    request: DeskRequest, form: CampaignForm, campaign: Campaign | None = None
) -> HttpResponse:
    context = {"form": form, "campaign": campaign}
    return render(request, "say/campaign_form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def show(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    """What is planned, what waits, what is out, what is held."""
    campaign = our_campaign(request, campaign_id)
    context = {
        "campaign": campaign, "parts": parts_of(campaign),
        "could_join": could_join(campaign),
        "may_write": "author" in request.user.roles,
        **queries.hands_on_holds(request.user),
    }  # fmt: skip
    return render(request, "say/campaign.html", context)


@login_required
@require_POST
def start(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    """A blank draft that belongs to it."""
    campaign = our_campaign(request, campaign_id)
    rules.may_lead(campaign, request.user)
    language = request.user.agency.language
    post = actions.begin(by=request.user, language=language, campaign=campaign)
    return redirect("say:write", post.pk)


@login_required
@require_POST
def join(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    campaign = our_campaign(request, campaign_id)
    post = get_object_or_404(could_join(campaign), pk=request.POST.get("post") or campaign.pk)
    actions.join_campaign(post, campaign, by=request.user)
    return redirect(campaign)


@login_required
@require_POST
def leave(request: DeskRequest, post_id: UUID) -> HttpResponse:
    post = our_post(request, post_id)
    campaign = post.campaign
    actions.leave_campaign(post, by=request.user)
    return redirect(campaign or post)


@login_required
@require_POST
def hold(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    campaign = our_campaign(request, campaign_id)
    reason = request.POST.get("reason", "")
    held = actions.hold_campaign(campaign, reason=reason, by=request.user)
    words = ngettext("%(n)d post is held.", "%(n)d posts are held.", len(held))
    messages.success(request, words % {"n": len(held)})
    return redirect(campaign)


@login_required
@require_POST
def release(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    campaign = our_campaign(request, campaign_id)
    released, left = actions.release_campaign(campaign, by=request.user)
    words = ngettext("%(n)d post goes out.", "%(n)d posts go out.", len(released))
    messages.success(request, words % {"n": len(released)})
    for post, why in left:
        messages.warning(request, f"{post}: {why}")
    return redirect(campaign)


def our_campaign(request: DeskRequest, campaign_id: UUID) -> Campaign:
    rows = request.user.agency.campaigns.select_related("owner", "held_by")
    return get_object_or_404(rows, pk=campaign_id)
