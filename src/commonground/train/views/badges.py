"""A certificate to take along, and what others need to verify it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commonground.agency.http import DeskRequest
from commonground.agency.models import Agency
from commonground.kit.sites import name_at
from commonground.train.actions.badges import badge_of, issuer_of, key_of, revoked_by


@login_required
@require_safe
def badge(request: DeskRequest, certificate_id: int) -> HttpResponse:
    """One's own certificate as an Open Badge, to keep and to show. What was awarded for a drill
    says nothing outside of it."""
    if request.user.agency.drill:
        raise Http404
    held = get_object_or_404(request.user.certificates.in_force(), pk=certificate_id)
    answer = HttpResponse(badge_of(held), content_type="application/vc+jwt")
    answer["Content-Disposition"] = f'attachment; filename="badge-{held.pk}.jwt"'
    return answer


@require_safe
def issuer(request: HttpRequest, agency: str) -> HttpResponse:
    """Who signs, and with which key: anybody may ask."""
    ours = agency_named(request, agency)
    told = issuer_of(ours)
    return JsonResponse(
        {"id": told.url, "type": ["Profile"], "name": told.name, "keys": [key_of(ours).public]}
    )


@require_safe
def revoked(request: HttpRequest, agency: str) -> HttpResponse:
    """Which badges count no longer though their time is not over."""
    return JsonResponse(revoked_by(agency_named(request, agency)))


def agency_named(request: HttpRequest, slug: str) -> Agency:
    """A drill's badges are nobody's to verify, and an agency's own address knows only its own."""
    if name_at(request) not in ("", slug):
        raise Http404
    return get_object_or_404(Agency, slug=slug, drill=False)
