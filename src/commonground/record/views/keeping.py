"""For how long things are kept: the list of what is due, legal holds, and erasing at request."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.record.actions import keeping as actions
from commonground.record.forms import EraseForm, HoldForm, LetGoForm, RetentionForm
from commonground.record.models import LegalHold, RetentionClass
from commonground.record.queries.keeping import past_their_time

SHOWN = 100  # of what is due; the rest is shown once these are gone


def officer(request: HttpRequest) -> actions.Officer:
    """Whoever is signed in. This room lies below the agency's and asks for no more than a name,
    roles and whose they are."""
    return cast(actions.Officer, request.user)


@login_required
def keeping(request: HttpRequest) -> HttpResponse:
    """How long, what is due, what is held."""
    by = officer(request)
    actions.standard_classes(by.agency_id)
    due, held = past_their_time(by.agency_id, timezone.now(), SHOWN)
    ours = {"agency": str(by.agency_id)}
    context = {
        "classes": RetentionClass.objects.filter(**ours).order_by("place"),
        "holds": LegalHold.objects.standing().filter(**ours).order_by("asked_at"),
        "due": due, "held": held, "me": str(by.pk), "may": bool(actions.MAY_KEEP & by.roles),
        "hold_form": HoldForm(), "erase_form": EraseForm(), "let_go_form": LetGoForm(),
    }  # fmt: skip
    return render(request, "record/keeping.html", context)


@login_required
def change_retention(request: HttpRequest, retention_id: int) -> HttpResponse:
    """Other times for one kind of entry."""
    by = officer(request)
    kept = get_object_or_404(RetentionClass, pk=retention_id, agency=str(by.agency_id))
    actions.may_keep(by)
    form = RetentionForm(request.POST or None, initial={"days": kept.days})
    if form.is_valid():
        actions.change_retention(kept, days=form.cleaned_data["days"], by=by)
        return redirect("record:keeping")
    return render(request, "record/retention.html", {"form": form, "kept": kept})


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    form = HoldForm(request.POST)
    if not form.is_valid():
        return render(request, "record/hold.html", {"form": form}, status=422)
    actions.keep(by=officer(request), **form.cleaned_data)
    messages.info(request, _("It holds from now on. A second person has to agree."))
    return redirect("record:keeping")


@login_required
@require_POST
def agree_to_keep(request: HttpRequest, legal_hold_id: int) -> HttpResponse:
    actions.agree_to_keep(our_hold(request, legal_hold_id), by=officer(request))
    return redirect("record:keeping")


@login_required
@require_POST
def let_go(request: HttpRequest, legal_hold_id: int) -> HttpResponse:
    hold = our_hold(request, legal_hold_id)
    reason = request.POST.get("reason", "")
    actions.let_go(hold, reason=reason, by=officer(request))
    messages.info(request, _("It still holds. A second person has to agree to lift it."))
    return redirect("record:keeping")


@login_required
@require_POST
def agree_to_let_go(request: HttpRequest, legal_hold_id: int) -> HttpResponse:
    actions.agree_to_let_go(our_hold(request, legal_hold_id), by=officer(request))
    messages.success(request, _("The legal hold is lifted."))
    return redirect("record:keeping")


@login_required
@require_POST
def dispose(request: HttpRequest) -> HttpResponse:
    """Erase what the page showed as due, and nothing it did not show."""
    numbers = [int(n) for n in request.POST.getlist("number") if n.isascii() and n.isdigit()]
    stone = actions.dispose(numbers, by=officer(request))
    messages.success(
        request, _("Erased. Entry %(number)s says so for good.") % {"number": stone.number}
    )
    return redirect("record:keeping")


@login_required
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase single entries at somebody's request."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return render(request, "record/erase.html", {"form": form}, status=422)
    stone = actions.erase(**form.cleaned_data, by=officer(request))
    messages.success(
        request, _("Erased. Entry %(number)s says so for good.") % {"number": stone.number}
    )
    return redirect("record:keeping")


def our_hold(request: HttpRequest, pk: int) -> LegalHold:
    return get_object_or_404(LegalHold, pk=pk, agency=str(officer(request).agency_id))
