"""One statement: accepted, refused with a reason, merged, translated."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.ask import actions, queries
from commonground.ask.forms import MergeForm, NewStatementForm, RefuseForm, TranslationForm
from commonground.ask.models import Statement, Translation
from commonground.ask.states import STATEMENT, StatementState
from commonground.ask.views.desk import our_question


@login_required
@require_GET
def statement(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    """Its words in every language, what became of it, and who decided."""
    found = our_statement(request, statement_id)
    return show(request, found, TranslationForm(statement=found))


def show(
    request: DeskRequest, found: Statement, form: TranslationForm, status: int = 200
) -> HttpResponse:
    context = {
        "statement": found,
        "question": found.question,
        "translations": found.translations.select_related("written_by", "checked_by"),
        "may": STATEMENT.open_to(cast(StatementState, found.state), moderator(request)),
        "form": form,
        "elsewhere": len(found.question.languages) > 1,
    }
    return render(request, "ask/statement.html", context, status=status)


def moderator(request: DeskRequest) -> set[str]:
    """Authors and approvers moderate alike: there must always be several."""
    return {"author"} if request.user.roles & {"author", "approver"} else set()


@login_required
@require_POST
def add_statement(request: DeskRequest, question_id: UUID) -> HttpResponse:
    found = our_question(request, question_id)
    form = NewStatementForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        actions.add_statement(found, text=text, language=found.language, by=request.user)
        return redirect("ask:moderate", found.pk)
    context = {"question": found, "queue": queries.queue_of(found), "form": form}
    return render(request, "ask/moderate.html", context, status=422)


@login_required
@require_POST
def accept(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    found = actions.accept(our_statement(request, statement_id), by=request.user)
    messages.success(request, _("It is put to the vote."))
    return redirect("ask:moderate", found.question_id)


@login_required
def refuse(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    found = our_statement(request, statement_id)
    form = RefuseForm(request.POST or None)
    if form.is_valid():
        actions.refuse(found, by=request.user, **form.cleaned_data)
        return redirect("ask:moderate", found.question_id)
    return render(request, "ask/refuse.html", {"statement": found, "form": form})


@login_required
def merge(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    found = our_statement(request, statement_id)
    asked = {"into": request.GET["into"]} if "into" in request.GET else None
    form = MergeForm(request.POST or None, statement=found, initial=asked)
    if form.is_valid():
        actions.merge(found, into=form.cleaned_data["into"], by=request.user)
        messages.success(request, _("Merged. The public log says so."))
        return redirect("ask:moderate", found.question_id)
    context = {"statement": found, "form": form, "votes": found.votes.exists()}
    return render(request, "ask/merge.html", context)


@login_required
@require_POST
def reopen(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    return redirect(actions.reopen(our_statement(request, statement_id), by=request.user))


@login_required
@require_POST
def translate(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    found = our_statement(request, statement_id)
    form = TranslationForm(request.POST, statement=found)
    if form.is_valid():
        actions.translate(found, by=request.user, **form.cleaned_data)
        return redirect(found)
    return show(request, found, form, status=422)


@login_required
@require_POST
def vouch(request: DeskRequest, translation_id: UUID) -> HttpResponse:
    ours = Translation.objects.filter(statement__question__agency=request.user.agency)
    rows = ours.select_related("statement__question")
    found = actions.vouch(get_object_or_404(rows, pk=translation_id), by=request.user)
    return redirect(found.statement)


def our_statement(request: DeskRequest, statement_id: UUID) -> Statement:
    return get_object_or_404(queries.our_statements(request.user.agency), pk=statement_id)
