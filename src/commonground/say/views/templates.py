"""The pages of prepared texts."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions, rules
from commonground.say.forms import BlanksForm, TemplateForm
from commonground.say.models import Template


@login_required
@require_GET
def templates(request: DeskRequest) -> HttpResponse:
    """All prepared texts, and the way to start from each."""
    rows = request.user.agency.templates.select_related("changed_by")
    context = {"templates": rows, "may_write": "author" in request.user.roles}
    return render(request, "say/templates.html", context)


@login_required
def new(request: DeskRequest) -> HttpResponse:
    rules.may_write(request.user)
    form = TemplateForm(request.POST or None, agency=request.user.agency)
    if form.is_valid():
        actions.add_template(by=request.user, **form.cleaned_data)
        return redirect("say:templates")
    return written(request, form)


@login_required
def change(request: DeskRequest, template_id: UUID) -> HttpResponse:
    template = our_template(request, template_id)
    rules.may_use(template, request.user)
    form = TemplateForm(request.POST or None, agency=request.user.agency, template=template)
    if form.is_valid():
        actions.change_template(template, by=request.user, **form.cleaned_data)
        return redirect("say:templates")
    return written(request, form, template)


def written(
    request: DeskRequest, form: TemplateForm, template: Template | None = None
) -> HttpResponse:
    context = {"form": form, "template": template}
    return render(request, "say/template.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove(request: DeskRequest, template_id: UUID) -> HttpResponse:
    actions.remove_template(our_template(request, template_id), by=request.user)
    return redirect("say:templates")


@login_required
def start(request: DeskRequest, template_id: UUID) -> HttpResponse:
    """One field for each blank; then the draft. What is left empty can be filled there too."""
    template = our_template(request, template_id)
    rules.may_use(template, request.user)
    form = BlanksForm(request.POST or None, blanks=template.blanks)
    if request.method == "POST" and form.is_valid():
        post = actions.begin_from(template, words=form.words(), by=request.user)
        return redirect("say:write", post.pk)
    return render(request, "say/start.html", {"form": form, "template": template})


def our_template(request: DeskRequest, template_id: UUID) -> Template:
    return get_object_or_404(request.user.agency.templates, pk=template_id)
