"""Requests for records: registered, searched, prepared, read by a second person, handed over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonground.kit.forms import ReasonForm
from commonground.record.actions import inquiries as actions, packing
from commonground.record.actions.keeping import MAY_KEEP, may_keep
from commonground.record.forms import AsideForm, ExtendForm, RegisterForm, ScopeForm
from commonground.record.models import Entry, Inquiry
from commonground.record.queries.exporting import EVERYTHING
from commonground.record.templatetags.withheld import REASONS
from commonground.record.views.keeping import officer

AT_ONCE = 20  # entries of a preview


def our_inquiry(request: HttpRequest, pk: UUID) -> Inquiry:
    return get_object_or_404(Inquiry, pk=pk, agency=str(officer(request).agency_id))


@login_required
@require_safe
def inquiries(request: HttpRequest) -> HttpResponse:
    """Every request, the most pressing first."""
    by = officer(request)
    ours = Inquiry.objects.filter(agency=str(by.agency_id))
    context = {
        "pending": ours.pending().order_by("due_on"), "may": bool(MAY_KEEP & by.roles),
        "done": ours.filter(state__in=["given", "closed"]).order_by("-made_at")[:50],
    }  # fmt: skip
    return render(request, "record/inquiries.html", context)


@login_required
def register(request: HttpRequest) -> HttpResponse:
    by = officer(request)
    may_keep(by)
    form = RegisterForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if form.is_valid():
        inquiry = actions.register(**form.cleaned_data, by=by)
        return redirect("record:inquiry", inquiry.pk)
    return render(request, "record/register.html", {"form": form})


@login_required
@require_safe
def inquiry(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """One request: its clock, what was found, and what comes next."""
    found, by = our_inquiry(request, inquiry_id), officer(request)
    may = bool(MAY_KEEP & by.roles)
    context = {
        "inquiry": found, "may": may, "mine": found.owner == str(by.pk),
        "another": may and found.prepared_by != str(by.pk),
        "scope_form": ScopeForm(initial=found.scope), "reason_form": ReasonForm(),
        "withheld": len([n for n in found.found if found.withheld(n)]),
        "parcel": getattr(found, "parcel", None), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "record/inquiry.html", context)


@login_required
def extend(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    found = our_inquiry(request, inquiry_id)
    may_keep(officer(request))
    form = ExtendForm(request.POST or None, law=found.by_law)
    if form.is_valid():
        actions.extend(found, **form.cleaned_data, by=officer(request))
        messages.info(request, _("The clock is moved. Tell whoever asked, and why: that is yours."))
        return redirect("record:inquiry", found.pk)
    return render(request, "record/extend.html", {"form": form, "inquiry": found})


@login_required
@require_POST
def take_over(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    actions.take_over(our_inquiry(request, inquiry_id), by=officer(request))
    return redirect("record:inquiry", inquiry_id)


@login_required
@require_POST
def search(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    found, form = our_inquiry(request, inquiry_id), ScopeForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "inquiry": found}
        return render(request, "record/scope.html", context, status=422)
    actions.search(found, scope=form.as_scope(), by=officer(request))
    return redirect("record:inquiry", inquiry_id)


@login_required
def keep_back(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """The answer as it would be given, fact by fact; and which of them are not shown, and why."""
    found, by = our_inquiry(request, inquiry_id), officer(request)
    may_keep(by)
    place = page_number(request)
    numbers = sorted(found.found)[place * AT_ONCE : (place + 1) * AT_ONCE]
    entries = Entry.objects.filter(number__in=numbers).order_by("number")
    if request.method == "POST":
        form = AsideForm(request.POST, entries=entries)
        actions.keep_back(found, everywhere=form.everywhere(), of=form.chosen(), by=by)
        messages.success(request, _("Kept. This is what would be given now."))
        return redirect(f"{request.path}?page={place}")
    shown = [(e, facts_of(e, found), found.withheld(e.number).get(EVERYTHING, "")) for e in entries]
    last = max(0, (len(found.found) - 1) // AT_ONCE)
    context = {
        "inquiry": found, "shown": shown, "page": place, "last": last, "reasons": REASONS,
        "everywhere": everywhere(shown, found), "may_change": found.state == "open",
        "before": place - 1 if place else None, "after": place + 1 if place < last else None,
    }  # fmt: skip
    return render(request, "record/keep_back.html", context)


def page_number(request: HttpRequest) -> int:
    typed = request.GET.get("page", "0")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


def facts_of(entry: Entry, inquiry: Inquiry) -> list[tuple[str, object, str, str]]:
    """Name, value, the reason for this entry alone, and the one that holds everywhere."""
    own = inquiry.kept_back.get(str(entry.number), {})
    return [
        (name, value, own.get(name, ""), inquiry.everywhere.get(name, ""))
        for name, value in sorted(entry.facts.items())
        if value not in ("", [], None)
    ]


def everywhere(
    shown: list[tuple[Entry, list[tuple[str, object, str, str]], str]], inquiry: Inquiry
) -> list[tuple[str, str]]:
    names = {name for _, facts, _ in shown for name, *_ in facts} | set(inquiry.everywhere)
    return [(name, inquiry.everywhere.get(name, "")) for name in sorted(names)]


@login_required
@require_POST
def prepare(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    actions.prepare(our_inquiry(request, inquiry_id), by=officer(request))
    messages.info(request, _("Now a second person must read it."))
    return redirect("record:inquiry", inquiry_id)


@login_required
@require_POST
def send_back(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.send_back(our_inquiry(request, inquiry_id), reason=reason, by=officer(request))
    return redirect("record:inquiry", inquiry_id)


@login_required
@require_POST
def let_out(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.let_out(our_inquiry(request, inquiry_id), reason=reason, by=officer(request))
    messages.success(request, _("The desk packs it now, and writes to whoever has the request."))
    return redirect("record:inquiry", inquiry_id)


@login_required
@require_POST
def close(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.close(our_inquiry(request, inquiry_id), reason=reason, by=officer(request))
    return redirect("record:inquiry", inquiry_id)


@login_required
@require_POST
def fetch(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """The file. It is not kept in any cache between here and whoever asked for it."""
    found = our_inquiry(request, inquiry_id)
    parcel = actions.hand_over(found, by=officer(request))
    name = f'attachment; filename="answer-{found.name}.zip"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(packing.opened(parcel), content_type="application/zip", headers=headers)
