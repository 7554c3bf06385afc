"""Pages: the keys of programs, the programs that are told, and what the API offers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from ninja import NinjaAPI

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.connect import actions, queries, rules
from commonground.connect.engine.events import EVENTS
from commonground.connect.forms import TokenForm, WebhookForm, as_typed
from commonground.connect.models import Notice, Token, Webhook
from commonground.kit.api.problems import WORDS


@login_required
def programs(request: DeskRequest) -> HttpResponse:
    """The keys I see, and the programs that are told."""
    return render(request, "connect/programs.html", shown(request))


def shown(request: DeskRequest) -> dict[str, object]:
    member, may_manage = request.user, Role.ADMIN in request.user.roles
    tokens = queries.tokens_of(member.agency)
    if not may_manage:
        tokens = tokens.filter(member=member)
    standing = list(tokens.filter(ended_at=None).order_by("name"))
    return {
        "tokens": [t for t in standing if not t.is_over],
        "over": [t for t in standing if t.is_over],
        "webhooks": queries.webhooks_of(member.agency) if may_manage else [],
        "may_manage": may_manage,
    }


@login_required
def new_token(request: DeskRequest) -> HttpResponse:
    """Make a key. It is on this answer only, so that is not a page to come back to."""
    form = TokenForm(request.POST or None, by=request.user)
    if not form.is_valid():
        return render(request, "connect/new_token.html", {"form": form})
    token, secret = actions.make_token(by=request.user, **form.asked())
    if not secret:
        said = _("Offered to %(name)s, who can take it on this page within a week.")
        messages.success(request, said % {"name": token.member})
        return redirect("connect:programs")
    return secret_page(request, token=token, secret=secret)


@login_required
@require_POST
def take_token(request: DeskRequest, token_id: UUID) -> HttpResponse:
    token = our_token(request, token_id)
    secret = actions.collect_token(token, by=request.user)
    return secret_page(request, token=token, secret=secret)


def secret_page(request: DeskRequest, **context: object) -> HttpResponse:
    answer = render(request, "connect/secret.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def end_token(request: DeskRequest, token_id: UUID) -> HttpResponse:
    token = actions.end_token(our_token(request, token_id), by=request.user)
    messages.success(request, _("The key of “%(name)s” opens nothing any more.") % {"name": token})
    return redirect("connect:programs")


@login_required
def new_webhook(request: DeskRequest) -> HttpResponse:
    rules.may_manage_webhooks(request.user)
    form = WebhookForm(request.POST or None)
    if not form.is_valid():
        return render(request, "connect/new_webhook.html", {"form": form})
    made, secret = actions.open_webhook(by=request.user, **form.cleaned_data)
    return secret_page(request, webhook=made, secret=secret)


@login_required
def webhook(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    """One program that is told: how it stands, what it was told last, and what was answered."""
    found = our_webhook(request, webhook_id)
    context = {"webhook": found, "notices": queries.last_notices(found)}
    return render(request, "connect/webhook.html", context)


@login_required
def change_webhook(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    found = our_webhook(request, webhook_id)
    form = WebhookForm(request.POST or None, initial=as_typed(found))
    if form.is_valid():
        actions.change_webhook(found, by=request.user, **form.cleaned_data)
        return redirect("connect:webhook", webhook_id)
    return render(request, "connect/change_webhook.html", {"form": form, "webhook": found})


@login_required
@require_POST
def renew_secret(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    found = our_webhook(request, webhook_id)
    secret = actions.renew_secret(found, by=request.user)
    return secret_page(request, webhook=found, secret=secret, renewed=True)


@login_required
@require_POST
def send_test(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    actions.send_test(our_webhook(request, webhook_id), by=request.user)
    messages.success(request, _("A test is on its way. Reload to see what was answered."))
    return redirect("connect:webhook", webhook_id)


@login_required
@require_POST
def pause_webhook(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    actions.pause_webhook(our_webhook(request, webhook_id), by=request.user)
    return redirect("connect:webhook", webhook_id)


@login_required
@require_POST
def resume_webhook(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    actions.resume_webhook(our_webhook(request, webhook_id), by=request.user)
    return redirect("connect:webhook", webhook_id)


@login_required
def close_webhook(request: DeskRequest, webhook_id: UUID) -> HttpResponse:
    """Ask once more: its secrets cannot be had back."""
    found = our_webhook(request, webhook_id)
    if request.method == "POST":
        actions.close_webhook(found, by=request.user)
        return redirect("connect:programs")
    return render(request, "connect/close_webhook.html", {"webhook": found})


@login_required
@require_POST
def resend(request: DeskRequest, notice_id: UUID) -> HttpResponse:
    rules.may_manage_webhooks(request.user)
    ours = Notice.objects.filter(webhook__agency=request.user.agency).select_related("webhook")
    notice = get_object_or_404(ours, pk=notice_id)
    actions.resend(notice, by=request.user)
    return redirect("connect:webhook", notice.webhook_id)


def our_token(request: DeskRequest, token_id: UUID) -> Token:
    return get_object_or_404(queries.tokens_of(request.user.agency), pk=token_id)


def our_webhook(request: DeskRequest, webhook_id: UUID) -> Webhook:
    found = get_object_or_404(queries.webhooks_of(request.user.agency), pk=webhook_id)
    rules.may_manage_webhooks(request.user)
    return found


@require_safe
def api_page(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """What programs can do here, for whoever writes one. No script, and nothing of an agency's."""
    context = {
        "groups": grouped(api), "words": [(w, *told) for w, told in WORDS.items()],
        "events": EVENTS, "base": settings.ENV.site_url.rstrip("/") + api.get_root_path({}),
    }  # fmt: skip
    return render(request, "connect/api.html", context)


def grouped(api: NinjaAPI) -> dict[str, list[dict[str, Any]]]:
    """Every operation of the API's own document, by what it is about."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            about = {"method": method.upper(), "path": path, "scope": told["x-scope"], **told}
            groups.setdefault(told["tags"][0], []).append(about)
    return groups
