"""Comments on our own site, as the desk sees them: whether they are open, where, and which wait
for a look."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.answer import actions, rules
from commonground.answer.forms.comments import TalkForm
from commonground.answer.queries import comments as queries
from commonground.answer.rules.measures import policy_of
from commonground.answer.views.inbox import our_conversation


@login_required
@require_GET
def comments(request: DeskRequest) -> HttpResponse:
    return render(request, "answer/comments.html", shown(request))


def shown(
    request: DeskRequest, failed: TalkForm | None = None, of: object = None
) -> dict[str, object]:
    rules.may_read_figures(request.user)
    agency, roles = request.user.agency, request.user.roles
    rows = []
    for channel, how in queries.how_people_comment(agency):
        form = failed if failed and channel.pk == of else TalkForm(initial={"how": how})
        rows.append((channel, how, form))
    return {
        "rows": rows, "may_set": Role.ADMIN in roles, "may_act": Role.AUTHOR in roles,
        "has_policy": policy_of(agency) is not None, "pages": queries.pages_spoken_of(agency),
        "form": failed,
    }  # fmt: skip


@login_required
@require_POST
def set_talk(request: DeskRequest, channel_id: UUID) -> HttpResponse:
    rules.may_read_figures(request.user)
    channel = get_object_or_404(queries.newsrooms_of(request.user.agency), pk=channel_id)
    form = TalkForm(request.POST)
    if not form.is_valid():
        context = shown(request, form, channel.pk)
        return render(request, "answer/comments.html", context, status=422)
    actions.set_talk(channel, how=form.cleaned_data["how"], by=request.user)
    messages.success(request, _("Kept. The form beneath each post says so."))
    return redirect("answer:comments")


@login_required
@require_POST
def act(request: DeskRequest, page_id: int, action: Callable[..., None]) -> HttpResponse:
    rules.may_read(request.user)
    page = get_object_or_404(queries.pages_of(request.user.agency), pk=page_id)
    action(page, by=request.user)
    return redirect("answer:comments")


@login_required
@require_POST
def show(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    found = our_conversation(request, conversation_id)
    actions.show_comment(found, by=request.user)
    messages.success(request, _("Everybody reads it now."))
    return redirect(found)
