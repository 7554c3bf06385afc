"""The desk's side of a question: prepare, open, moderate, look on, close, tell what came of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.ask import actions, queries, rules
from commonground.ask.engine.qr import qr
from commonground.ask.forms import CodesForm, NewStatementForm, OpenForm, PublishForm, QuestionForm
from commonground.ask.models import Picture, Question, Tier
from commonground.ask.states import WORKFLOW, State
from commonground.kit.forms import ReasonForm

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula


@login_required
@require_GET
def questions(request: DeskRequest) -> HttpResponse:
    """Everything we ask or asked, what needs somebody first."""
    ours = queries.our_questions(request.user.agency)
    order = [State.OPEN, State.PAUSED, State.DRAFT, State.CLOSED, State.PUBLISHED]
    rows = sorted(ours, key=lambda q: order.index(cast(State, q.state)))
    may_ask = Role.AUTHOR in request.user.roles
    return render(request, "ask/questions.html", {"questions": rows, "may_ask": may_ask})


@login_required
def new(request: DeskRequest) -> HttpResponse:
    rules.may_ask(request.user)
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        question = actions.draft(request.user.agency, by=request.user, **form.fields_of_it())
        messages.success(request, _("Kept. A second person reads it and opens it."))
        return redirect(question)
    return render(request, "ask/write.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def write(request: DeskRequest, question_id: UUID) -> HttpResponse:
    question = our_question(request, question_id)
    rules.may_change(question, request.user)
    form = QuestionForm(request.POST or None, question=question)
    if form.is_valid():
        actions.change(question, by=request.user, **form.fields_of_it())
        return redirect(question)
    context = {"form": form, "question": question}
    return render(request, "ask/write.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def question(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """Where it stands, what waits, how many voted, and what can be done."""
    found = our_question(request, question_id)
    statements = found.statements.select_related("merged_into").prefetch_related("translations")
    context = {
        "question": found,
        "statements": statements,
        "waiting": sum(s.state == "waiting" for s in statements) if found.state != "draft" else 0,
        "counts": queries.counts_of(found),
        "may": WORKFLOW.open_to(cast(State, found.state), deciding(request)),
        "may_write": Role.AUTHOR in request.user.roles and found.state == State.DRAFT,
        "own": found.asked_by_id == request.user.pk,
        "tells": bool(request.user.roles & {Role.AUTHOR}),
        "gives_codes": Tier.RESIDENT in found.tiers and found.state in ("draft", "open", "paused"),
        "codes": found.codes.count(),
        "address": queries.public_address(found),
        "wait": queries.wait_for_a_decision(found),
    }
    return render(request, "ask/question.html", context)


def deciding(request: DeskRequest) -> set[str]:
    """Whoever opens may also pause: stopping must be easy."""
    own = set(request.user.roles)
    return own | {"author"} if Role.APPROVER in own else own


@login_required
def open_it(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """Read everything, then say yes to exactly these words."""
    found = our_question(request, question_id)
    rules.may(found, request.user, Role.APPROVER)
    form = OpenForm(request.POST or None, initial={"read": queries.digest_of(found)})
    if form.is_valid():
        actions.open(found, read=form.cleaned_data["read"], by=request.user)
        messages.success(request, _("The public can vote from its opening time on."))
        return redirect(found)
    context = {
        "question": found, "form": form, "statements": found.statements.all(),
        "margins": queries.margins_in_words(found),
    }  # fmt: skip
    return render(request, "ask/open_it.html", context)


@login_required
def pause(request: DeskRequest, question_id: UUID) -> HttpResponse:
    found = our_question(request, question_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.pause(found, reason=form.cleaned_data["reason"], by=request.user)
        return redirect(found)
    return render(request, "ask/pause.html", {"question": found, "form": form})


@login_required
@require_POST
def act(
    request: DeskRequest, question_id: UUID, transition: Callable[..., Question]
) -> HttpResponse:
    return redirect(transition(our_question(request, question_id), by=request.user))


@login_required
def publish(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """What was decided, what was not, and why."""
    found = our_question(request, question_id)
    form = PublishForm(request.POST or None)
    if form.is_valid():
        actions.publish(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Published. Those who voted find it at the same address."))
        return redirect(found)
    return render(request, "ask/publish.html", {"question": found, "form": form})


@login_required
@require_POST
def tell(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """From a finding to a draft, which goes the way of every post."""
    post = actions.tell_the_public(our_question(request, question_id), by=request.user)
    return redirect("say:write", post.pk)


@login_required
@never_cache
def codes(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """Codes to print. They are on this page once, and never again anywhere."""
    found = our_question(request, question_id)
    form = CodesForm(request.POST or None)
    if not form.is_valid():
        return render(request, "ask/codes.html", {"question": found, "form": form})
    made = actions.make_codes(found, many=form.cleaned_data["many"], by=request.user)
    context = {"question": found, "codes": made, "address": queries.public_address(found) + "code/"}
    context["drawing"] = mark_safe(qr(str(context["address"])))  # noqa: S308 - drawn by us
    return render(request, "ask/slips.html", context)


@login_required
@require_GET
def moderate(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """What waits, the longest first, with what may say the same."""
    found = our_question(request, question_id)
    context = {
        "question": found, "queue": queries.queue_of(found), "form": NewStatementForm(),
        "wait": queries.wait_for_a_decision(found),
    }  # fmt: skip
    return render(request, "ask/moderate.html", context)


@login_required
@require_GET
def hall(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """For a projector: the address, as words and as a square, and how the votes come in."""
    found = our_question(request, question_id)
    drawing = mark_safe(qr(queries.public_address(found)))  # noqa: S308 - drawn by us
    context = {"question": found, "drawing": drawing, "poster": queries.on_a_poster(found)}
    return render(request, "ask/hall.html", {**context, **in_the_hall(found)})


@login_required
@require_GET
@never_cache
def hall_now(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """The part that changes. Nothing is sent while it has not changed."""
    found = our_question(request, question_id)
    now = in_the_hall(found)
    if request.GET.get("mark") == now["mark"]:
        return HttpResponse(status=204)
    return render(request, "ask/hall.html#now", {"question": found, **now})


def in_the_hall(found: Question) -> dict[str, object]:
    drawn = list(found.pictures.all())
    tier, picture = queries.shown_picture(found, "")
    rows = []
    if picture and picture.voters >= queries.FEWEST:
        statements = queries.put_to_the_vote(found, found.language)
        named = picture.told["shared"][:3]
        rows = queries.rows_of(named, picture, statements, found.language, {})
    return {
        "counts": queries.counts_of(found),
        "rows": rows, "tier": Tier(tier),
        "few": picture is None or picture.voters < queries.FEWEST,
        "mark": "-".join(f"{p.at.timestamp():.3f}" for p in drawn),
    }  # fmt: skip


@login_required
@require_GET
def results(request: DeskRequest, question_id: UUID) -> HttpResponse:
    """Sums by statement, group and tier, ten people and more. Single ballots are never exported:
    five known votes would give away one person in three."""
    found = our_question(request, question_id)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["tier", "group", "statement", "text", "disagree", "not sure", "agree"])
    texts = {str(s.number): s.text for s in found.statements.all()}
    for picture in found.pictures.filter(voters__gte=queries.FEWEST):
        for group, number, counts in cells(picture):
            table.writerow([picture.tier, group, number, quoted(texts.get(number, "")), *counts])
    named = {"Content-Disposition": f'attachment; filename="{found.word}.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=named)


def cells(picture: Picture) -> list[tuple[str, str, list[int]]]:
    told = picture.told
    rows = [("all", n, counts) for n, counts in told["all"].items() if counts]
    if told["stable"]:
        rows += [
            (queries.letter(g), n, counts)
            for n, groups in told["groups"].items()
            for g, counts in enumerate(groups)
            if counts
        ]
    return sorted(rows, key=lambda row: (row[0], int(row[1])))


def quoted(text: str) -> str:
    return f"'{text}" if text.startswith(DANGEROUS) else text


def our_question(request: DeskRequest, question_id: UUID) -> Question:
    """Another agency's question is not refused: it is not there."""
    if found := queries.our_question(request.user.agency, question_id):
        return found
    raise Http404
