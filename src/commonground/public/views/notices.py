"""Notices on people's devices: how one asks for them, stops them, and reads one here. No cookie;
the only script of the public pages, for without it no browser can be asked."""

from __future__ import annotations

from pathlib import Path

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from commonground.agency.models import Agency
from commonground.channels.networks.push import joining
from commonground.channels.networks.push.models import Notice, NoticePicture
from commonground.kit.arrivals import Crowded
from commonground.kit.media import for_all
from commonground.kit.visitors import from_our_page, peer
from commonground.public import queries
from commonground.public.forms import DeviceForm, EndForm
from commonground.public.http import read_in
from commonground.public.views import show

WORKER = Path(__file__).parents[1] / "static/public/worker.js"
A_DAY = {"Cache-Control": "public, max-age=86400"}


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Ask for notices, or stop them, by a press on a button."""
    agency = queries.the_agency(request)
    lists = queries.lists_of(agency, "push")
    letters = bool(queries.lists_of(agency))
    name = "notices" if lists else "no_notices"
    return show(request, agency, name, lists=lists, letters=letters)


@csrf_exempt  # a token would need a cookie: see from_our_page
@require_POST
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """What our script sends once the browser said yes. A refusal is told in words."""
    form = DeviceForm(request.POST, lists=queries.lists_of(queries.the_agency(request), "push"))
    if refusal := refused(request, form):
        return refusal
    try:
        joining.join(
            form.chosen, form.where, language=request.LANGUAGE_CODE, come_from=peer(request)
        )
    except Crowded:
        return no(_("Too many ask at once from where you are. Try in an hour."), 429)
    if former := form.cleaned_data["former"]:  # the browser changed its address by itself
        joining.leave(form.chosen, former)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Nothing of the device is kept. Said again, it is as true."""
    form = EndForm(request.POST)
    if refusal := refused(request, form):
        return refusal
    joining.leave(form.cleaned_data["list"], form.cleaned_data["endpoint"])
    return HttpResponse(status=204)


def refused(request: HttpRequest, form: DeviceForm | EndForm) -> JsonResponse | None:
    if not from_our_page(request):
        return no(_("This form was sent from another site, so nothing was done."), 403)
    if not form.is_valid():
        return no(_("We cannot reach this device: its browser gave an address we do not use."), 400)
    return None


def no(why: str, status: int) -> JsonResponse:
    return JsonResponse({"why": why}, status=status)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The part that a browser runs when a notice comes. Its address decides which pages it may
    serve, so it does not lie with the other static files."""
    return HttpResponse(
        WORKER.read_bytes(), content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )  # fmt: skip


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put the site on its home screen; an iPhone shows notices only there."""
    agency = queries.the_agency(request)
    sign = {"src": static("kit/sign.svg"), "sizes": "any", "type": "image/svg+xml"}
    whole = {
        "name": agency.name, "short_name": agency.name[:30], "lang": request.LANGUAGE_CODE,
        "start_url": reverse("public:notices"), "scope": "/", "display": "standalone",
        "background_color": "#f6f5f0", "theme_color": "#f6f5f0", "icons": [sign],
    }  # fmt: skip
    return JsonResponse(whole, content_type="application/manifest+json", headers=A_DAY)


@require_safe
def notice(request: HttpRequest, key: str) -> HttpResponse:
    """A notice in full, as it went to everybody, so that anyone can check that it is ours."""
    agency = queries.the_agency(request)
    found = get_object_or_404(notices_of(agency), key=key)
    if found.withdrawn_at:
        return show(request, agency, "notice_withdrawn", status=410, notice=found)
    read_in(request, found)
    lists = [one for one in queries.lists_of(agency, "push") if one.pk == found.channel_id]
    return show(request, agency, "notice", notice=found, lists=lists)


@require_safe
@for_all
def picture(request: HttpRequest, key: str, place: int) -> HttpResponse:
    """A picture of a notice that still stands. Nothing in its address says who looks."""
    ours = Notice.objects.filter(channel__agency__in=queries.whose_pictures(request))
    still = ours.filter(channel__drill=False, withdrawn_at=None, key=key)
    found = get_object_or_404(NoticePicture, notice__in=still, place=place)
    kept = {"Cache-Control": "public, max-age=3600"}
    return HttpResponse(bytes(found.content), content_type=found.type, headers=kept)


def notices_of(agency: Agency) -> QuerySet[Notice]:
    return Notice.objects.public().filter(channel__agency=agency, channel__drill=False)
