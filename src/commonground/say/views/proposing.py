"""Drafting help: what leaves is said first, and what comes back stands beside the draft."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions, line, queries, rules
from commonground.say.engine.proposing import Kind, added
from commonground.say.forms.proposing import HelpForm
from commonground.say.models import Post, Proposal
from commonground.say.views.posts import our_post


@login_required
@require_GET
def show(request: DeskRequest, post_id: UUID) -> HttpResponse:
    return page(request, our_draft(request, post_id), HelpForm())


def our_draft(request: DeskRequest, post_id: UUID) -> Post:
    post = our_post(request, post_id)
    if not line.offered():
        raise Http404
    rules.may_change(post, request.user)
    return post


def page(request: DeskRequest, post: Post, form: HelpForm, *, untold: bool = False) -> HttpResponse:
    last = post.proposals.filter(by=request.user, taken_at=None).first()
    context = {
        "post": post, "form": form, "proposal": last, "untold": untold,
        "place": urlsplit(settings.ENV.drafting_url).hostname,
        "model": settings.ENV.drafting_model, "told": is_told(request),
        **(beside(post, last) if last else {}),
    }  # fmt: skip
    return render(request, "say/help.html", context, status=422 if untold else 200)


def is_told(request: DeskRequest) -> bool:
    """Whoever asked once has read what leaves the desk."""
    return request.user.proposals.exists()


def beside(post: Post, proposal: Proposal) -> dict[str, object]:
    words = replace(queries.words_of(post), text=proposal.text)
    if proposal.language:
        words = replace(words, language=proposal.language)
    return {
        "coached": queries.coached(post, words), "added": added(proposal.before, proposal.text),
        "is_old": proposal.before != post.text, "language": words.language,
    }  # fmt: skip


@login_required
@require_POST
def propose(request: DeskRequest, post_id: UUID) -> HttpResponse:
    post, form = our_draft(request, post_id), HelpForm(request.POST)
    if not form.is_valid() or not (form.cleaned_data["told"] or is_told(request)):
        return page(request, post, form, untold=True)
    kind = Kind(form.cleaned_data["kind"])
    actions.propose_words(post, kind, by=request.user, language=form.into())
    return redirect("say:help", post.pk)


@login_required
@require_POST
def take(request: DeskRequest, proposal_id: int) -> HttpResponse:
    rows = Proposal.objects.filter(post__agency=request.user.agency).select_related("post")
    post = actions.take_proposal(get_object_or_404(rows, pk=proposal_id), by=request.user)
    return redirect("say:write", post.pk)
