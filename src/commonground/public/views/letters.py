"""Letters by e-mail: how one asks for them, says yes, leaves, and reads one here. No cookie, no
script, and the same answer whether an address is known or not."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commonground.agency.models import Agency
from commonground.channels.networks.mail import joining
from commonground.channels.networks.mail.models import Letter, LetterPicture
from commonground.kit.arrivals import Crowded
from commonground.kit.media import for_all
from commonground.kit.refusals import NotYours
from commonground.kit.visitors import from_our_page, peer
from commonground.public import queries
from commonground.public.forms import LettersForm
from commonground.public.http import read_in
from commonground.public.views import show

ASKED_OR_SENT = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt  # a token would need a cookie: see from_our_page
@ASKED_OR_SENT
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for letters. What is said afterwards is the same for everybody."""
    agency = queries.the_agency(request)
    lists = queries.lists_of(agency)
    if not lists:
        return show(request, agency, "no_letters")
    given = {"language": request.LANGUAGE_CODE, "list": str(lists[0].pk)}
    form = LettersForm(request.POST or None, lists=lists, initial=given)
    if request.method == "POST":
        must_be_our_page(request)
    if form.is_valid():
        try:
            joining.ask(
                form.chosen, typed=form.cleaned_data["address"],
                language=form.cleaned_data["language"], come_from=peer(request),
            )  # fmt: skip
        except Crowded:
            form.add_error(None, _("Too many ask at once from where you are. Try in an hour."))
            return show(request, agency, "letters", status=429, form=form)
        return redirect("public:letters_asked")
    return show(request, agency, "letters", form=form)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return show(request, queries.the_agency(request), "letters_asked")


@csrf_exempt
@ASKED_OR_SENT
@never_cache
def confirm(request: HttpRequest, link: str) -> HttpResponse:
    """Say yes, with a button: programs that look into letters open links too."""
    agency = queries.the_agency(request)
    person = joining.meant_by(link)
    if person is None or person.channel.agency_id != agency.pk:
        return show(request, agency, "letters_too_old", status=410)
    if request.method != "POST":
        return show(request, agency, "letters_confirm", list=person.channel)
    must_be_our_page(request)
    joining.confirm(person)
    return show(request, agency, "letters_confirmed", list=person.channel)


@csrf_exempt  # RFC 8058: mail programs send this by themselves, with neither cookie nor page
@ASKED_OR_SENT
@never_cache
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave the list with one press, here or in the mail program. Opening it changes nothing."""
    agency = queries.the_agency(request)
    if request.method != "POST":
        return show(request, agency, "letters_leave")
    joining.leave(token)
    return show(request, agency, "letters_left")


@require_safe
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """A letter as everybody got it, so that anyone can check that it is ours."""
    agency = queries.the_agency(request)
    found = get_object_or_404(letters_of(agency), key=key)
    if found.withdrawn_at:
        return show(request, agency, "letter_withdrawn", status=410, letter=found)
    read_in(request, found)
    return show(request, agency, "letter", letter=found)


@require_safe
@for_all
def picture(request: HttpRequest, key: str, place: int) -> HttpResponse:
    """A picture of a letter that still stands. Nothing in its address says who looks."""
    ours = Letter.objects.filter(channel__agency__in=queries.whose_pictures(request))
    still = ours.filter(channel__drill=False, withdrawn_at=None, key=key)
    found = get_object_or_404(LetterPicture, letter__in=still, place=place)
    kept = {"Cache-Control": "public, max-age=3600"}
    return HttpResponse(bytes(found.content), content_type=found.type, headers=kept)


def letters_of(agency: Agency) -> QuerySet[Letter]:
    return Letter.objects.public().filter(channel__agency=agency, channel__drill=False)


def must_be_our_page(request: HttpRequest) -> None:
    if not from_our_page(request):
        raise NotYours(_("This form was sent from another site, so nothing was done."))
