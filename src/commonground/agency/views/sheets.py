"""Bringing many things in one spreadsheet: the template, each row's fate, taking it, undoing it."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency import actions
from commonground.agency.forms import SheetForm
from commonground.agency.http import DeskRequest
from commonground.agency.models import Sheet
from commonground.kit.rows import MOST_BYTES
from commonground.kit.sheets import Kind, lines_of, sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 10  # of those taken before


@login_required
def bring(request: DeskRequest, kind: str) -> HttpResponse:
    """Read in a process of its own; afterwards one sees what would become of each row."""
    wanted = sheets()[kind]
    wanted.may(request.user)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        # One byte more than may be: what is larger is refused by its size, and not read whole.
        given = file.read(MOST_BYTES + 1)
        return redirect(
            "agency:sheet", actions.bring_sheet(wanted, str(file.name), given, by=request.user).pk
        )
    taken = request.user.agency.sheets.filter(kind=kind).exclude(taken_at=None)
    context = {
        "kind": wanted, "form": form, "template": reverse(f"agency:template_of_{kind}"),
        "taken": taken.select_related("by").defer("rows")[:MOST_SHOWN],
    }  # fmt: skip
    return render(request, "agency/bring.html", context)


@login_required
def template(request: DeskRequest, kind: str) -> HttpResponse:
    """An empty sheet with the headings in the reader's language, to be filled in."""
    wanted = sheets()[kind]
    wanted.may(request.user)
    as_csv = request.GET.get("as") == "csv"
    made = csv_of(wanted) if as_csv else xlsx_of(wanted)
    answer = HttpResponse(made, content_type="text/csv; charset=utf-8" if as_csv else XLSX)
    name = f"{kind}.{'csv' if as_csv else 'xlsx'}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def csv_of(kind: Kind) -> bytes:
    """With the mark by which programs know the letters."""
    out = StringIO()
    csv.writer(out).writerow([str(column.label) for column in kind.columns])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(kind: Kind) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]  # slow to load, and seldom needed

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        # As text, so that a phone number keeps its zeros and its sign.
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        rows, help_ = book.add_worksheet(), book.add_worksheet(_("What belongs where"))
        for place, column in enumerate(kind.columns):
            rows.set_column(place, place, 24, text)
            rows.write_string(0, place, str(column.label), bold)
            needed = _("Must be filled in.") if column.needed else ""
            help_.write_string(place, 0, str(column.label), bold)
            help_.write_string(place, 1, f"{needed} {column.about}".strip())
        rows.freeze_panes(1, 0)
        help_.set_column(0, 0, 32)
        help_.set_column(1, 1, 80)
    return out.getvalue()


@login_required
def sheet(request: DeskRequest, sheet_id: UUID) -> HttpResponse:
    """What becomes of each row; or, once it was taken, that it was."""
    found, kind = our_sheet(request, sheet_id)
    context: dict[str, object] = {"sheet": found, "kind": kind}
    if found.taken_at is None:
        lines, strange = lines_of(kind, found.agency, found.header, found.rows)
        context |= {
            "lines": lines, "strange": strange, "new": sum(line.is_new for line in lines),
            "there": sum(line.there for line in lines),
            "wrong": [line for line in lines if line.wrong],
        }  # fmt: skip
    return render(request, "agency/sheet.html", context)


@login_required
@require_POST
def take(request: DeskRequest, sheet_id: UUID) -> HttpResponse:
    found, kind = our_sheet(request, sheet_id)
    seen = request.POST.get("new", "")
    new = int(seen) if seen.isascii() and seen.isdigit() else -1
    taken = actions.take_sheet(kind, found, new=new, by=request.user)
    messages.success(request, _("Taken. You can undo it here until something of it was used."))
    return redirect("agency:sheet", taken.pk)


@login_required
@require_POST
def undo(request: DeskRequest, sheet_id: UUID) -> HttpResponse:
    found, kind = our_sheet(request, sheet_id)
    actions.undo_sheet(kind, found, by=request.user)
    messages.success(request, _("Undone. Nothing of it is left; the record keeps that it was."))
    return redirect("agency:sheet", found.pk)


@login_required
@require_POST
def drop(request: DeskRequest, sheet_id: UUID) -> HttpResponse:
    found, kind = our_sheet(request, sheet_id)
    actions.drop_sheet(found, by=request.user)
    return redirect(kind.page)


def our_sheet(request: DeskRequest, sheet_id: UUID) -> tuple[Sheet, Kind]:
    """Of this agency; what was not taken yet is its own person's alone."""
    ours = request.user.agency.sheets.select_related("by", "agency")
    found = get_object_or_404(ours, pk=sheet_id)
    kind = sheets()[found.kind]
    kind.may(request.user)
    if found.taken_at is None and found.by_id != request.user.pk:
        return get_object_or_404(ours.none()), kind
    return found, kind
