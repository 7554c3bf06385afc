"""Where we listen, and what for."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.hear import actions, queries, rules
from commonground.hear.forms import ChangeSourceForm, SourceForm, TopicForm, TurnDownForm
from commonground.hear.models import Source, Topic
from commonground.hear.states import WORKFLOW, TopicState

LOG_DAYS = 90
MOST_LOOKS = 200


@login_required
def listening_panel(request: DeskRequest) -> HttpResponse:
    """Proof that somebody listens: when we last heard anything, and who is quiet."""
    beats = queries.heartbeats(request.user.agency)
    context = {
        "hearing": queries.hearing(request.user.agency),
        "beats": beats,
        "keepers": queries.keepers(request.user.agency),
    }
    return render(request, f"hear/listening.html{'#panel' if request.htmx else ''}", context)


@login_required
def sources(request: DeskRequest) -> HttpResponse:
    beats = queries.heartbeats(request.user.agency)
    context = {"beats": beats, "may_change": Role.ADMIN in request.user.roles}
    return render(request, "hear/sources.html", context)


@login_required
def new_source(request: DeskRequest) -> HttpResponse:
    rules.may_change_sources(request.user)
    form = SourceForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        actions.add_source(request.user.agency, by=request.user, **form.cleaned_data)
        messages.success(request, _("Added. The desk listens there within a minute."))
        return redirect("hear:sources")
    return render(request, "hear/source.html", {"form": form})


@login_required
def source(request: DeskRequest, source_id: UUID) -> HttpResponse:
    found = our_source(request, source_id)
    form = ChangeSourceForm(request.POST or None, agency=request.user.agency, source=found)
    if form.is_valid():
        actions.change_source(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Changed."))
        return redirect("hear:sources")
    may_change = Role.ADMIN in request.user.roles
    context = {"form": form, "source": found, "may_change": may_change}
    return render(request, "hear/source.html", context)


@login_required
@require_POST
def switch_source(request: DeskRequest, source_id: UUID) -> HttpResponse:
    """On, or off: off is silence that we chose."""
    found = our_source(request, source_id)
    actions.change_source(found, by=request.user, on=not found.on)
    return redirect("hear:sources")


@login_required
def topics(request: DeskRequest) -> HttpResponse:
    """What waits for a second person first, then what is live, then what ended."""
    found = queries.topics(request.user.agency).select_related("proposed_by", "approved_by")
    context = {"topics": found, "may_propose": may_propose(request)}
    return render(request, "hear/topics.html", context)


def may_propose(request: DeskRequest) -> bool:
    return bool(request.user.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN})


@login_required
def topic(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    """A topic with all that is asked before it is approved: what it would have heard, too."""
    found = our_topic(request, topic_id)
    standing = found.state in (TopicState.PROPOSED, TopicState.LIVE)
    context = {
        "topic": found,
        "trial": actions.look_at_topic(found, by=request.user)
        if standing and may_propose(request)
        else None,
        "may": WORKFLOW.open_to(cast(TopicState, found.state), request.user.roles),
        "own": found.proposed_by_id == request.user.pk,
    }
    return render(request, "hear/topic.html", context)


@login_required
def propose(request: DeskRequest) -> HttpResponse:
    """Propose it, or first try it on what is still kept."""
    rules.may_propose(request.user)
    form = TopicForm(request.POST or None, agency=request.user.agency)
    trial = None
    if form.is_valid() and "try" in request.POST:
        wanted = form.fields_of_it()
        tried = {name: wanted[name] for name in ("name", "watch", "exclude", "places")}
        trial = actions.try_topic(request.user.agency, by=request.user, **tried)
    elif form.is_valid():
        new = actions.propose_topic(request.user.agency, by=request.user, **form.fields_of_it())
        messages.success(request, _("Proposed. A second person has to approve it."))
        return redirect("hear:topic", new.pk)
    return render(request, "hear/propose.html", {"form": form, "trial": trial})


@login_required
def turn_down_topic(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    found = our_topic(request, topic_id)
    form = TurnDownForm(request.POST or None)
    if form.is_valid():
        actions.turn_down_topic(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Turned down. The record says why."))
        return redirect("hear:topic", found.pk)
    return render(request, "hear/turn_down.html", {"form": form, "topic": found})


@login_required
@require_POST
def approve_topic(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    found = actions.approve_topic(our_topic(request, topic_id), by=request.user)
    messages.success(request, _("We listen for “%(topic)s” from now on.") % {"topic": found})
    return redirect("hear:topic", found.pk)


@login_required
@require_POST
def end_topic(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    found = actions.end_topic(our_topic(request, topic_id), by=request.user)
    return redirect("hear:topic", found.pk)


@login_required
def looks(request: DeskRequest) -> HttpResponse:
    """Who looked into overheard texts, for what, and when: the query log."""
    found = queries.looks(request.user.agency, days=LOG_DAYS)
    context = {"looks": found[:MOST_LOOKS], "days": LOG_DAYS, "n": found.count()}
    return render(request, "hear/looks.html", context)


def our_source(request: DeskRequest, source_id: UUID) -> Source:
    return get_object_or_404(Source, pk=source_id, agency=request.user.agency)


def our_topic(request: DeskRequest, topic_id: UUID) -> Topic:
    return get_object_or_404(Topic, pk=topic_id, agency=request.user.agency)
