"""What we hide, by which rule, and how to object. No cookie, no script, no account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commonground.agency.http import is_here
from commonground.agency.models import Agency
from commonground.answer import actions
from commonground.answer.models import CommentPolicy, Filter, Measure
from commonground.answer.queries import measures as measures_of_answer
from commonground.answer.queries.filters import Audit, audit_of
from commonground.answer.queries.measures import Filtered
from commonground.answer.states import PolicyState
from commonground.channels.contract.moderating import Act
from commonground.kit.paging import Page, by_time
from commonground.public import queries
from commonground.public.forms import AppealForm
from commonground.public.views import show
from commonground.public.views.counting import counted_once
from commonground.public.views.letters import must_be_our_page
from commonground.record.queries.keeping import days_kept

SHOWN, COUNTED = 50, timedelta(days=365)
FOR_NOW = {"Cache-Control": "public, max-age=60"}


@require_safe
def comment_policy(request: HttpRequest) -> HttpResponse:
    """What may be hidden, in every version there was."""
    agency = queries.the_agency(request)
    versions = versions_of(agency)
    now = next((one for one in versions if one.state == PolicyState.IN_FORCE), None)
    former = [one for one in versions if one != now]
    kept = days_kept(agency.pk, "receive")
    return show(request, agency, "comment_policy", now=now, former=former, days_kept=kept)


@require_safe
def comment_policy_file(request: HttpRequest) -> HttpResponse:
    agency = queries.the_agency(request)
    said = {"agency": agency.name, "versions": [told(one) for one in versions_of(agency)]}
    return JsonResponse(said, headers=FOR_NOW)


def versions_of(agency: Agency) -> list[CommentPolicy]:
    """Those that were ever in force, the newest first."""
    return list(agency.comment_policies.exclude(since=None).order_by("-number"))


def told(policy: CommentPolicy) -> dict[str, Any]:
    return {
        "version": policy.number, "language": policy.language, "about": policy.about,
        "rules": policy.rules, "appeal_hours": policy.appeal_hours,
        "since": policy.since, "until": policy.until,
    }  # fmt: skip


@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """Everything ever hidden, and everybody ever muted or blocked: by rule, not by name."""
    agency = queries.the_agency(request)
    page = rows_of(agency, request)
    counted = measures_of_answer.counted(agency, timezone.now() - COUNTED)
    return show(
        request, agency, "moderation", page=page, counted=counted.items(),
        filters=audited(agency), acts=acts_of(agency),
    )  # fmt: skip


@require_safe
def moderation_file(request: HttpRequest) -> HttpResponse:
    """The same for machines. `older` is what to ask for next."""
    agency = queries.the_agency(request)
    page = rows_of(agency, request)
    said = {
        "agency": agency.name, "measures": [as_row(one) for one in page.rows], "older": page.older,
        "filters": [
            {"channel": one.channel.name, "network": one.channel.network,
             "strength": one.newest.strength if one.newest else None,
             "words": one.newest.words if one.newest else None,
             "read_at": one.newest.at if one.newest else None,
             "would_have_hidden": audit["all"] if audit else None,
             "nothing_found_against": audit["wrongly"] if audit else None}
            for one, audit in audited(agency)
        ],
    }  # fmt: skip
    return JsonResponse(said, headers=FOR_NOW)


def audited(agency: Agency) -> list[tuple[Filtered, dict[str, int] | None]]:
    """Each filter, and what its words would have hidden: in numbers, and no word of anybody's."""
    return [
        (one, would_have_hidden(agency, one.newest) if one.newest and one.newest.words else None)
        for one in measures_of_answer.filters_of(agency)
    ]


def would_have_hidden(agency: Agency, noted: Filter) -> dict[str, int]:
    return counted_once(agency, f"filter-{noted.pk}", lambda: numbers(audit_of(noted)))


def numbers(audit: Audit) -> dict[str, int]:
    return {"all": audit.all, "wrongly": audit.wrongly}


def rows_of(agency: Agency, request: HttpRequest) -> Page[Measure]:
    rows = measures_of_answer.public_measures(agency)
    return by_time(rows, "agreed_at", request.GET.get("before", ""), SHOWN)


def as_row(measure: Measure) -> dict[str, Any]:
    appeal = getattr(measure, "appeal", None)
    return {
        "reference": measure.reference, "kind": measure.kind, "channel": measure.channel.name,
        "network": measure.channel.network, "rule": measure.rule_words,
        "policy_version": measure.policy.number, "since": measure.agreed_at,
        "until": measure.until, "ended": measure.ended_at, "state": measure.state,
        "appeal": appeal.state if appeal else None,
    }  # fmt: skip


def acts_of(agency: Agency) -> list[tuple[str, list[tuple[str, str]]]]:
    """For each account of ours what each act comes to there."""
    found = []
    for channel in agency.channels.listed():
        kind = channel.kind
        if kind.hears or kind.moderates:
            means = kind.moderates.means if kind.moderates else {}
            acts = [(act.value, means[act]) for act in Act if act in means]
            found.append((f"{channel.name} ({kind.label})", acts))
    return found


@csrf_exempt  # a token would need a cookie: see from_our_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """The page of whoever it was done to: why, and how to object. Whoever has the link is them."""
    found = measures_of_answer.measure_behind(token)
    if found is None or not is_here(request, found.agency):
        raise Http404
    timezone.activate(found.agency.time_zone)
    standing = getattr(found, "appeal", None)
    form = None if standing else AppealForm(request.POST or None)
    if request.method == "POST":
        must_be_our_page(request)
        if form and form.is_valid():
            actions.appeal(found, text=form.cleaned_data["text"])
        if not form or form.is_valid():
            return redirect("public:appeal", token=token)
    status = 422 if form and form.errors else 200
    answer = show(
        request, found.agency, "appeal", status=status, measure=found, appeal=standing, form=form
    )
    # The address is the key: it goes to nobody else.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
