"""After-action reports: as a page, on paper, and as they were frozen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonground.agency.http import DeskRequest
from commonground.agency.models import Agency
from commonground.learn import actions, queries, rules
from commonground.learn.engine.after_action import Line, Report
from commonground.learn.forms import LookBackForm
from commonground.learn.models import FrozenReport
from commonground.learn.templatetags import after_action as words
from commonground.record.engine.paper import Item, Paper, paper
from commonground.spot.models import Moment


@login_required
@require_safe
def reports(request: DeskRequest) -> HttpResponse:
    """Every moment that is over, with the way to its report."""
    found = queries.moments_to_report(request.user.agency)
    return render(request, "learn/reports.html", {"moments": found})


@login_required
@require_safe
def report(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """The report of a moment as the record says it now."""
    moment = our_moment(request, moment_id)
    context = {
        **shown(request, queries.report_of(moment)), "moment": moment,
        "frozen_reports": moment.frozen_reports.defer("told"),
        "may_write": rules.can_follow(request.user), "may_freeze": rules.can_freeze(request.user),
    }  # fmt: skip
    return render(request, "learn/report.html", context)


@login_required
@require_safe
def report_pdf(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    moment = our_moment(request, moment_id)
    return on_paper(request, queries.report_of(moment), None)


@login_required
def look_back(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """What went well, and what next: the only words of the report that a person types."""
    moment = our_moment(request, moment_id)
    rules.may_look_back(moment, request.user)
    written = queries.look_back_of(moment)
    known = {"went_well": written.went_well, "what_next": written.what_next} if written else None
    form = LookBackForm(request.POST or None, initial=known)
    if form.is_valid():
        actions.write_look_back(moment, by=request.user, **form.cleaned_data)
        return redirect("learn:report", moment.pk)
    return render(request, "learn/look_back.html", {"form": form, "moment": moment})


@login_required
@require_POST
def freeze_report(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    frozen = actions.freeze_report(our_moment(request, moment_id), by=request.user)
    messages.success(request, _("The report is on the record as it is now."))
    return redirect(frozen)


@login_required
@require_safe
def frozen_report(request: DeskRequest, report_id: UUID) -> HttpResponse:
    frozen = our_frozen(request, report_id)
    context = {
        **shown(request, Report.from_dict(frozen.told)), "moment": frozen.moment, "frozen": frozen
    }  # fmt: skip
    return render(request, "learn/report.html", context)


@login_required
@require_safe
def frozen_report_pdf(request: DeskRequest, report_id: UUID) -> HttpResponse:
    frozen = our_frozen(request, report_id)
    return on_paper(request, Report.from_dict(frozen.told), frozen)


def shown(request: DeskRequest, told: Report) -> dict[str, object]:
    days: dict[str, list[Line]] = {}
    for line in told.lines:
        days.setdefault(day_of(line), []).append(line)
    return {"report": told, "days": days.items(), "names": names_for(request, told)}


def names_for(request: DeskRequest, told: Report) -> dict[str, str]:
    """Who did what, for those who may know; for all others roles have to do."""
    if not rules.sees_names(request.user):
        return {}
    return names_in(request.user.agency, told)


def names_in(agency: Agency, told: Report) -> dict[str, str]:
    who = {line.who for line in told.lines if line.who}
    return {
        str(pk): name for pk, name in agency.members.filter(pk__in=who).values_list("pk", "name")
    }


def day_of(line: Line) -> str:
    return date_format(local(line), "l j F Y")


def local(line: Line) -> datetime:
    return timezone.localtime(datetime.fromisoformat(line.at))


def on_paper(request: DeskRequest, told: Report, frozen: FrozenReport | None) -> HttpResponse:
    made_at = frozen.frozen_at if frozen else timezone.now()
    title = _("After-action report: %(moment)s") % {"moment": told.moment["label"]}
    names = names_for(request, told)
    said = Paper(
        title, get_language() or "en", made_at, list(before(told, frozen, made_at)),
        list(items(told, names)), _("Some signs cannot be printed here; the page has them."),
    )  # fmt: skip
    file = f"report-{slugify(str(told.moment['label'])) or 'moment'}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return HttpResponse(paper(said), content_type="application/pdf", headers=headers)


def before(told: Report, frozen: FrozenReport | None, made_at: datetime) -> Iterator[str]:
    at = date_format(timezone.localtime(made_at), "j F Y, H:i T")
    if frozen:
        yield _("Frozen on %(at)s as report %(n)s. SHA-256: %(digest)s") % {
            "at": at, "n": frozen.number, "digest": frozen.sha256,
        }  # fmt: skip
    else:
        yield _("As the record says on %(at)s. Not frozen: it may change.") % {"at": at}
    yield words.moment_state_words(told.moment["state"])


def items(told: Report, names: dict[str, str]) -> Iterator[Item]:
    part = _("How long it took")
    for name, seconds in told.lengths.items():
        yield Item(part, f"{words.length_name(name)}: {words.length_words(seconds)}")
    part = _("In figures")
    for name, n in told.numbers.items():
        yield Item(part, f"{words.number_name(name)}: {n}")
    part = _("What is missing")
    for gap in told.gaps:
        yield Item(part, words.gap_words(gap))
    part = _("Key messages in the news")
    for row in told.messages:
        yield Item(part, message_words(row.message, row.outlets_carried, row.outlets), [
            f"{q['outlet']}: {words.answer_words(q['answer'])}"
            + (f". “{q['quote']}”" if q["quote"] else "") for q in row.quotes
        ])  # fmt: skip
    if told.went_well or told.what_next:
        yield Item(_("What people write of it"), _("What went well"), told.went_well.splitlines())
        yield Item(_("What people write of it"), _("What next"), told.what_next.splitlines())
    for line in told.lines:
        said = f"{local(line):%H:%M:%S} · {words.line_words(line)}"
        yield Item(day_of(line), said, list(evidence(line, names)))


def message_words(message: str, carried: int, outlets: int) -> str:
    told = {"message": message, "carried": carried, "outlets": outlets}
    return _("“%(message)s” Carried by %(carried)s of %(outlets)s outlets.") % told


def evidence(line: Line, names: dict[str, str]) -> Iterator[str]:
    if who := words.by_whom(line, names):
        yield who
    if line.entry:
        yield _("Entry %(n)s of the record") % {"n": line.entry}
    if line.url.startswith("http"):
        yield line.url


def our_moment(request: DeskRequest, moment_id: UUID) -> Moment:
    return get_object_or_404(request.user.agency.moments.select_related("agency"), pk=moment_id)


def our_frozen(request: DeskRequest, report_id: UUID) -> FrozenReport:
    if found := queries.our_frozen(request.user.agency, report_id):
        return found
    raise Http404
