"""Did they really say this? Words or a link are held against everything we said in public."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commonground.agency.models import Agency
from commonground.channels.contract.rendering import Rendering
from commonground.kit.apart import Unusable
from commonground.kit.arrivals import Crowded
from commonground.kit.visitors import peer
from commonground.protect.actions import count_question
from commonground.protect.engine.places import is_link, is_under, leads_to, parts_of
from commonground.protect.engine.wording import NOTHING, Match, Said, Wording
from commonground.public import queries
from commonground.public.forms import ReallyForm
from commonground.public.views import show
from commonground.public.views.pictured import Pictured, judged
from commonground.say.models import Delivery, Post
from commonground.say.queries import said as ours
from commonground.say.queries.pictured import first_delivery
from commonground.say.queries.said import Named, Proof

type Key = Named
# What we said, ready to be asked: of each agency as it was last.
READY: dict[UUID, tuple[tuple[int, datetime | None], Said[Key]]] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What we can say of it."""

    wording: Wording
    match: Match[Key] = NOTHING
    post: Post | None = None
    said: Rendering | None = None
    proofs: list[Proof] = field(default_factory=list)
    corrections: list[Post] = field(default_factory=list)
    link: bool = False
    picture: Pictured | None = None
    under_ours: bool = False  # on an account of ours, and not of this desk

    @property
    def taken_back(self) -> bool:
        return bool(self.proofs) and self.proofs[0].taken_back


@csrf_exempt  # it changes nothing, and a token would need a cookie
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def really(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that what somebody pasted stands in no address and in no log."""
    agency = queries.the_agency(request)
    form = ReallyForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return show(request, agency, "really", status=422 if form.is_bound else 200, form=form)
    try:
        count_question(peer(request))
    except Crowded:
        form.add_error(None, _("Too many ask at once from where you are. Try in an hour."))
        return show(request, agency, "really", status=429, form=form)
    try:
        upload = form.cleaned_data["picture"]
        answer = pictured(agency, upload.read()) if upload else None
    except Unusable:
        form.add_error("picture", _("This is no picture that can be read. JPEG, PNG and WebP are."))
        return show(request, agency, "really", status=422, form=form)
    answer = answer or answered(agency, form.cleaned_data["pasted"])
    return show(request, agency, "really", form=form, answer=answer)


def answered(agency: Agency, pasted: str) -> Answer:
    if is_link(pasted):
        return answer_to_link(agency, pasted)
    match = everything(agency).judge(pasted)
    if match.key is None:
        return Answer(Wording.UNKNOWN)
    return proven(match.wording, ours.seen_in_public(agency).get(pk=match.key[0]), match)


def pictured(agency: Agency, upload: bytes) -> Answer:
    """Whether a picture is ours, with the proof of the post that it belongs to."""
    found = judged(agency, upload)
    delivery = first_delivery(agency, found.ours) if found.ours else None
    if delivery is None:
        return Answer(Wording.UNKNOWN, picture=found)
    return replace(proven(Wording.EXACT, delivery, NOTHING), picture=found)


def everything(agency: Agency) -> Said[Key]:
    """Made anew whenever we said something more."""
    now = ours.as_of(agency)
    if agency.pk not in READY or READY[agency.pk][0] != now:
        READY[agency.pk] = now, Said.of(ours.texts(agency))
    return READY[agency.pk][1]


def answer_to_link(agency: Agency, link: str) -> Answer:
    _host, steps = parts_of(link)
    likely = ours.seen_in_public(agency).filter(url__icontains=steps[-1]) if steps else []
    for delivery in likely:
        if leads_to(link, delivery.url, delivery.variant.channel.handle):
            return proven(Wording.EXACT, delivery, NOTHING, link=True)
    under = [a for a in queries.accounts_of(agency) if a.url and is_under(link, a.url)]
    return Answer(Wording.UNKNOWN, link=True, under_ours=bool(under))


def proven(wording: Wording, delivery: Delivery, match: Match[Key], link: bool = False) -> Answer:
    post, said = delivery.variant.post, delivery.variant.said
    shown = said[match.key[1] if match.key else 0]
    return Answer(
        wording, match, post, shown, ours.proofs_of(delivery),
        ours.corrections_of(post), link,
    )  # fmt: skip
