"""The cards of the links of a draft."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions, rules
from commonground.say.forms.cards import CardForm
from commonground.say.models import Card, Post
from commonground.say.views.posts import (
    compare,
    compose,
    keep_words,
    our_post,
    saved_form,
    typed_form,
)


@login_required
@require_POST
def read(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """What was typed is kept before all else; then the page is read, which takes seconds."""
    post = our_post(request, post_id)
    rules.may_change(post, request.user)
    if not (answer := kept_first(request, post)):
        actions.read_card(post, request.POST.get("link", ""), by=request.user)
    return answer or back(post)


@login_required
@require_POST
def write(request: DeskRequest, post_id: UUID, card_id: int) -> HttpResponse:
    post, card = our_card(request, post_id, card_id)
    typed = CardForm(card, request.POST)
    if answer := kept_first(request, post):
        return answer
    if not typed.is_valid():
        return compose(request, post, saved_form(request, post), card_forms={card.pk: typed})
    actions.write_card(card, typed.wording(), by=request.user)
    return back(post)


@login_required
@require_POST
def leave_out(request: DeskRequest, post_id: UUID, card_id: int) -> HttpResponse:
    post, card = our_card(request, post_id, card_id)
    if not (answer := kept_first(request, post)):
        actions.leave_out_card(card, by=request.user)
    return answer or back(post)


@login_required
@require_GET
def picture(request: DeskRequest, post_id: UUID, card_id: int) -> HttpResponse:
    card = get_object_or_404(our_post(request, post_id).cards.exclude(sha256=""), pk=card_id)
    kept = {"Cache-Control": "private, no-cache", "ETag": f'"{card.sha256}"'}
    safe = {"X-Content-Type-Options": "nosniff", **kept}
    return HttpResponse(bytes(card.content), content_type=card.type, headers=safe)


def our_card(request: DeskRequest, post_id: UUID, card_id: int) -> tuple[Post, Card]:
    post = our_post(request, post_id)
    card = get_object_or_404(post.cards, pk=card_id)
    rules.may_change(post, request.user)
    return post, card


def kept_first(request: DeskRequest, post: Post) -> HttpResponse | None:
    """Save what stands in the form. Where that is not possible: the page that says why."""
    typed = typed_form(request, post)
    if keep_words(request, post, typed):
        return None
    return compose(request, post, typed) if not typed.is_valid() else compare(request, post)


def back(post: Post) -> HttpResponse:
    return redirect(reverse("say:write", args=[post.pk]) + "#cards")
