"""What the news carried: the list, the table, the articles."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.kit.refusals import Refused
from commonground.learn import actions, queries, rules
from commonground.learn.forms import ArticleForm, JudgeForm, MessagesForm
from commonground.learn.models import Answer, Article, Coverage
from commonground.say.models import Campaign
from commonground.spot.models import Moment


@login_required
def coverages(request: DeskRequest) -> HttpResponse:
    moments, campaigns = queries.not_followed(request.user.agency)
    context = {
        "coverages": queries.coverages(request.user.agency), "moments": moments,
        "campaigns": campaigns, "may": rules.can_follow(request.user),
    }  # fmt: skip
    return render(request, "learn/coverages.html", context)


@login_required
def follow_moment(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    return follow(request, get_object_or_404(request.user.agency.moments, pk=moment_id))


@login_required
def follow_campaign(request: DeskRequest, campaign_id: UUID) -> HttpResponse:
    return follow(request, get_object_or_404(request.user.agency.campaigns, pk=campaign_id))


def follow(request: DeskRequest, thing: Moment | Campaign) -> HttpResponse:
    """What we wanted people to know, before an article is held against it."""
    rules.may_follow(request.user)
    if followed := getattr(thing, "coverage", None):
        return redirect(followed)
    start = {"messages": "\n".join(getattr(thing, "messages", []))}
    form = MessagesForm(request.POST or None, initial=start)
    if form.is_valid():
        return redirect(actions.follow_news(thing, by=request.user, **form.cleaned_data))
    return render(request, "learn/messages.html", {"form": form, "thing": thing})


@login_required
def coverage(request: DeskRequest, coverage_id: UUID) -> HttpResponse:
    found = our_coverage(request, coverage_id)
    context = {
        "coverage": found, "table": queries.table_of(found),
        "may": rules.can_follow(request.user), "may_write": Role.AUTHOR in request.user.roles,
        "any_outlets": request.user.agency.outlets.exists(),
    }  # fmt: skip
    return render(request, "learn/coverage.html", context)


@login_required
def change_messages(request: DeskRequest, coverage_id: UUID) -> HttpResponse:
    found = our_coverage(request, coverage_id)
    rules.may_follow(request.user)
    form = MessagesForm(request.POST or None, initial={"messages": "\n".join(found.messages)})
    if form.is_valid():
        actions.change_messages(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Changed. Every article was read again."))
        return redirect(found)
    return render(request, "learn/messages.html", {"form": form, "coverage": found})


@login_required
def add_article(request: DeskRequest, coverage_id: UUID) -> HttpResponse:
    found = our_coverage(request, coverage_id)
    rules.may_follow(request.user)
    form = ArticleForm(request.POST or None)
    if form.is_valid():
        return redirect(actions.add_article(found, by=request.user, **form.cleaned_data))
    return render(request, "learn/add_article.html", {"form": form, "coverage": found})


@login_required
def article(request: DeskRequest, article_id: UUID) -> HttpResponse:
    """What it did with each message, and its words."""
    found = our_article(request, article_id)
    context = {
        "article": found, "readings": found.readings.select_related("judged_by"),
        "answers": Answer, "may": rules.can_follow(request.user),
        "mistakes": found.mistakes.order_by("found_at"),
    }  # fmt: skip
    return render(request, "learn/article.html", context)


@login_required
@require_POST
def judge_reading(request: DeskRequest, article_id: UUID, place: int) -> HttpResponse:
    found = our_article(request, article_id)
    rules.may_follow(request.user)
    reading = get_object_or_404(found.readings, place=place)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose one of the three answers."))
    reading.article = found
    actions.judge_reading(reading, by=request.user, **form.cleaned_data)
    return redirect(found)


def our_coverage(request: DeskRequest, coverage_id: UUID) -> Coverage:
    if found := queries.our_coverage(request.user.agency, coverage_id):
        return found
    raise Http404


def our_article(request: DeskRequest, article_id: UUID) -> Article:
    if found := queries.our_article(request.user.agency, article_id):
        return found
    raise Http404
