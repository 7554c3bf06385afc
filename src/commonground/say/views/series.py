"""The pages of what comes again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.agency.http import DeskRequest
from commonground.say import actions, queries, rules
from commonground.say.forms.planning import SeriesForm, TogetherForm, as_planned
from commonground.say.models import Post, Series
from commonground.say.queries.series import drafted, missed, next_of
from commonground.say.states import State


@login_required
@require_GET
def all_series(request: DeskRequest) -> HttpResponse:
    """What comes again, and what has ended."""
    rows = request.user.agency.series.select_related("author", "campaign", "agency")
    running = rows.running().prefetch_related("occurrences")
    context = {
        "running": [(series, next_of(series, 1)) for series in running],
        "ended": rows.exclude(ended_at=None).order_by("-ended_at")[:10],
        "may_write": "author" in request.user.roles,
    }
    return render(request, "say/all_series.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    rules.may_write(request.user)
    initial = {"language": request.user.agency.language, "since": timezone.localdate()}
    campaign = request.GET.get("campaign")
    form = SeriesForm(
        request.POST or None, by=request.user, initial={**initial, "campaign": campaign}
    )
    if request.method == "POST" and form.is_valid():
        return redirect(actions.begin_series(form.said(), by=request.user))
    return written(request, form)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, series_id: UUID) -> HttpResponse:
    """Other words, or another time, for a day and all that follow."""
    series = our_series(request, series_id)
    rules.may_plan(series, request.user)
    rules.must_run(series)
    if request.method == "GET":
        first = day_named(request.GET["from"]) if "from" in request.GET else first_of(series)
        return written(
            request, SeriesForm(by=request.user, initial=as_planned(series, first)), series
        )
    form = SeriesForm(request.POST, by=request.user)
    if not form.is_valid():
        return written(request, form, series)
    changed = actions.change_series(series, form.said(), by=request.user)
    messages.success(request, _("Changed from that day on. What was approved goes out as it was."))
    return redirect(changed)


def first_of(series: Series) -> date:
    coming = next_of(series, 1)
    return coming[0].day if coming else timezone.localdate()


def written(request: DeskRequest, form: SeriesForm, series: Series | None = None) -> HttpResponse:
    context = {"form": form, "series": series}
    return render(request, "say/series_form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def show(request: DeskRequest, series_id: UUID) -> HttpResponse:
    return page(request, our_series(request, series_id))


def page(request: DeskRequest, series: Series, *, unread: bool = False) -> HttpResponse:
    rows = drafted(series)
    queued = [row.post for row in rows if row.post and row.post.state in QUEUED]
    groups = queries.to_read_together(series, request.user) if is_reader(request) else []
    context = {
        "series": series, "rows": rows, "coming": next_of(series) if not series.ended_at else [],
        "missed": missed(series), "queued": queued, "unread": unread,
        "groups": [
            (group, queries.previews_of(group.first), queries.coached(group.first))
            for group in groups[:1]  # one reading at a time
        ],
        "may_write": "author" in request.user.roles,
        "followed": Series.objects.filter(follows=series).first(),
        **queries.hands_on_holds(request.user),
    }  # fmt: skip
    return render(request, "say/series.html", context, status=422 if unread else 200)


QUEUED = (State.APPROVED, State.SCHEDULED)


def is_reader(request: DeskRequest) -> bool:
    return "approver" in request.user.roles


@login_required
@require_POST
def approve(request: DeskRequest, series_id: UUID) -> HttpResponse:
    """One reading, several yeses: the words once, every time listed, each with its own digest."""
    series = our_series(request, series_id)
    waiting = Post.objects.filter(occurrence__series=series).select_related("author", "agency")
    form = TogetherForm(request.POST, posts=list(waiting))
    if not form.is_valid() or not form.cleaned_data["have_read"] or not form.read():
        return page(request, series, unread=True)
    said, left = actions.approve_each(form.read(), by=request.user)
    if said:
        words = ngettext("You said yes to %(n)d post.", "You said yes to %(n)d posts.", len(said))
        messages.success(request, words % {"n": len(said)})
    for post, why in left:
        messages.warning(request, f"{post}: {why}")
    return redirect(series)


@login_required
@require_POST
def hold(request: DeskRequest, series_id: UUID) -> HttpResponse:
    """All of it that was approved, at once."""
    series = our_series(request, series_id)
    reason = rules.must_have_a_reason(request.POST.get("reason", ""))
    posts = Post.objects.queued().filter(occurrence__series=series)
    held = actions.hold_each(posts, reason=reason, by=request.user)
    words = ngettext("%(n)d post is held.", "%(n)d posts are held.", len(held))
    messages.success(request, words % {"n": len(held)})
    return redirect(series)


@login_required
@require_POST
def end(request: DeskRequest, series_id: UUID) -> HttpResponse:
    return redirect(actions.end_series(our_series(request, series_id), by=request.user))


@login_required
@require_POST
def resume(request: DeskRequest, series_id: UUID) -> HttpResponse:
    return redirect(actions.resume_series(our_series(request, series_id), by=request.user))


@login_required
@require_POST
def undo_change(request: DeskRequest, series_id: UUID) -> HttpResponse:
    return redirect(actions.undo_change_series(our_series(request, series_id), by=request.user))


@login_required
@require_POST
def skip(request: DeskRequest, series_id: UUID, day: str) -> HttpResponse:
    series = our_series(request, series_id)
    actions.skip_occurrence(series, day_named(day), by=request.user)
    return redirect(series)


@login_required
@require_POST
def restore(request: DeskRequest, series_id: UUID, day: str) -> HttpResponse:
    series = our_series(request, series_id)
    actions.restore_occurrence(series, day_named(day), by=request.user)
    return redirect(series)


@login_required
@require_POST
def draft(request: DeskRequest, series_id: UUID, day: str) -> HttpResponse:
    """Write one day of it now, to change it for that day only."""
    series = our_series(request, series_id)
    post = actions.draft_occurrence(series, day_named(day), by=request.user)
    return redirect("say:write", post.pk)


def our_series(request: DeskRequest, series_id: UUID) -> Series:
    rows = request.user.agency.series.select_related("author", "agency", "campaign", "follows")
    return get_object_or_404(rows, pk=series_id)


def day_named(name: str) -> date:
    try:
        return date.fromisoformat(name)
    except ValueError:
        raise Http404 from None
