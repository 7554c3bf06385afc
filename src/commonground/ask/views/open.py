"""What the public sees of a question, and where it votes. No account, no script needed; one cookie,
and only once somebody has voted."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import mail
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonground.agency.http import is_here, public_agency
from commonground.ask import actions, http, queries
from commonground.ask.engine.following import ACROSS
from commonground.ask.engine.qr import qr
from commonground.ask.engine.work import done
from commonground.ask.forms import AddressForm, CodeForm, SayForm, TraitsForm
from commonground.ask.models import Ballot, Picture, Question, Statement, Tier
from commonground.ask.states import StatementState
from commonground.kit.refusals import NotYours, Refused
from commonground.kit.serving import waits_elsewhere
from commonground.kit.visitors import from_our_page, peer
from commonground.say.forms import LANGUAGES

ENOUGH = 7  # votes: so few already say where somebody stands
VALUES = {"1": 1, "-1": -1, "0": 0}


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Everything that is asked, and what came of what was."""
    agency = public_agency(request)
    found = list(queries.running(agency))
    return render(request, "ask/questions_open.html", {"questions": found, "agency": agency})


@require_safe
@never_cache
def question(request: HttpRequest, word: str) -> HttpResponse:
    """One statement at a time; or why there is none just now."""
    asked = our(request, word)
    context = frame(request, asked)
    if not asked.running:
        ballot = http.ballot_of(request, asked)
        return render(request, "ask/resting.html", {**context, "told": ballot and ballot.traits})
    return render(request, "ask/vote.html", {**context, **voting(request, asked, context)})


def voting(request: HttpRequest, asked: Question, context: dict[str, Any]) -> dict[str, Any]:
    """The statement that is next for this browser, and how far it has come."""
    ballot = http.ballot_of(request, asked)
    choices, voted = queries.choices_in(asked), queries.votes_of(ballot)
    seen = queries.seen_in(asked, ballot.tier if ballot else Tier.OPEN)
    person = ballot.person if ballot else request.META.get("HTTP_USER_AGENT", "")
    number = queries.next_for(person, choices, voted, seen, http.members_here(request))
    return {
        "said": queries.one_said(asked, number, context["language"]) if number else None,
        "answered": len({c.number for c in choices} & set(voted)), "all": len(choices),
        "enough": len(voted) >= ENOUGH, "left_to_enough": ENOUGH - len(voted),
        "ballot": ballot, "lost": "first" in request.GET and ballot is None,
        "weighs": bool(ballot and asked.weighs(ballot.tier)),
        "begin": None if ballot or Tier.OPEN not in asked.tiers else http.beginning(),
    }  # fmt: skip


def frame(request: HttpRequest, asked: Question) -> dict[str, Any]:
    """What every page of a question shows."""
    language = http.language_for(request, asked)
    if len(asked.languages) > 1:  # else the page speaks as the reader has chosen for the site
        http.speak(request, language)
    timezone.activate(asked.agency.time_zone)
    own = [(code, dict(LANGUAGES).get(code, code)) for code in asked.languages]
    return {
        "question": asked, "agency": asked.agency, "language": language, "languages": own,
        "title": asked.said("title", language), "purpose": asked.said("purpose", language),
        # Words that nobody has translated are in the question's own language, and say so.
        "words_language": language if language in asked.words else asked.language,
        "offers": {t: t in asked.tiers for t in Tier.values},
    }  # fmt: skip


def our(request: HttpRequest, word: str) -> Question:
    found = get_object_or_404(Question.objects.shown().select_related("agency"), word=word)
    if not is_here(request, found.agency):
        raise Http404
    return found


def kept(request: HttpRequest, address: str) -> str:
    """The same address, keeping the language somebody asked for."""
    language = request.POST.get("in") or request.GET.get("in")
    return f"{address}?in={language}" if language and language.isalpha() else address


def must_be_our_page(request: HttpRequest) -> None:
    if not from_our_page(request):
        raise NotYours(_("This came from another site's page, so it was not counted."))


@csrf_exempt  # a token would need a cookie before anybody has voted: see from_our_page
@require_POST
def vote(request: HttpRequest, word: str) -> HttpResponse:
    """Count a press of a button, and show the next statement."""
    must_be_our_page(request)
    asked = our(request, word)
    ballot = http.ballot_of(request, asked)
    statement = statement_meant(request, asked)
    value = VALUES.get(request.POST.get("vote", ""))
    if value is None:
        raise Refused(_("Choose one of the three answers."))
    new = ballot is None
    ballot = ballot or begin(request, asked)
    actions.vote(ballot, statement, value, members=http.members_here(request))
    to = kept(request, reverse("asked:question", args=[word]))
    if not new:
        return redirect(f"{to}#statement")
    to += "&first" if "?" in to else "?first"
    return http.hand_over(redirect(f"{to}#statement"), ballot, asked)


def statement_meant(request: HttpRequest, asked: Question) -> Statement:
    number = request.POST.get("statement", "")
    numbered = asked.statements.select_related("question")
    return get_object_or_404(numbered, number=int(number) if number.isdecimal() else 0)


def begin(request: HttpRequest, asked: Question) -> Ballot:
    """A new open ballot. The page carried what makes it one person's."""
    carried = http.begun(request)
    if carried is None:
        raise Refused(_("This page was open for too long. Open it again, and go on."))
    salt, goal = carried
    worked = done(salt, goal, request.POST.get("work", ""))
    return actions.open_ballot(asked, start=salt, worked=worked, address=peer(request))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def say(request: HttpRequest, word: str) -> HttpResponse:
    """A resident's own statement, for a person to look at."""
    asked = our(request, word)
    form = SayForm(request.POST or None)
    if request.method == "POST":
        must_be_our_page(request)
    ballot = http.ballot_of(request, asked)
    if ballot is None or not asked.running:
        raise Refused(_("Vote on a statement first; then add your own."))
    context = {**frame(request, asked), "wait": queries.wait_for_a_decision(asked), "form": form}
    if not form.is_valid():
        return render(request, "ask/say.html", context, status=422 if form.errors else 200)
    actions.send_statement(
        ballot, asked, text=form.cleaned_data["text"], language=context["language"],
        address=peer(request),
    )  # fmt: skip
    return render(request, "ask/said.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def about_you(request: HttpRequest, word: str) -> HttpResponse:
    """What a voter chooses to say of themselves, to be weighed by; or takes back, at any time.

    What was told is never shown again: others may hold the same code, or use the same browser.
    """
    asked = our(request, word)
    ballot = http.ballot_of(request, asked)
    told = bool(ballot and ballot.traits)
    if ballot is None or not (told or (asked.running and asked.weighs(ballot.tier))):
        raise Http404
    context = frame(request, asked)
    language, traits = asked.traits_in(context["language"])
    form = TraitsForm(request.POST or None, traits=traits, language=language)
    if request.method == "POST":
        must_be_our_page(request)
    back = kept(request, reverse("asked:question", args=[word]))
    if "take_back" in request.POST:
        actions.tell_traits(ballot, asked, [-1] * len(traits))
        return redirect(back)
    if form.is_valid():
        actions.tell_traits(ballot, asked, form.traits())
        return redirect(back)
    context |= {"form": form, "told": told, "several": len(traits) > 1}
    return render(request, "ask/about_you.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def meet(request: HttpRequest, word: str) -> HttpResponse:
    """What all groups share, then what divides them, then, folded, the map."""
    asked = our(request, word)
    context = frame(request, asked)
    ballot = http.ballot_of(request, asked)
    voted = queries.votes_of(ballot)
    if asked.running and len(voted) < ENOUGH:
        context |= {"left_to_enough": ENOUGH - len(voted)}
        return render(request, "ask/first_vote.html", context)
    asked_tier = request.GET.get("who", ballot.tier if ballot and asked.running else "")
    tier, picture = queries.shown_picture(asked, asked_tier)
    context |= {"tier": Tier(tier), "tiers": [Tier(t) for t in Tier.values if t in asked.tiers]}
    if picture is None or picture.voters < queries.FEWEST:
        return render(request, "ask/too_few.html", context)
    statements = queries.put_to_the_vote(asked, context["language"])
    lists = {
        name: queries.rows_of(picture.told[name], picture, statements, context["language"], voted)
        for name in ("shared", "refused", "divides")
    }
    lists["refused"] = queries.turned_down(lists["refused"])
    context |= {"weighed": queries.weighed_of(picture, statements, context["language"])}
    return render(request, "ask/meet.html", {**context, **lists, **drawn(picture, voted, ballot)})


def drawn(picture: Picture, voted: dict[int, int], ballot: Ballot | None) -> dict[str, Any]:
    """The map, and what it takes to read it."""
    here = queries.stand_of(voted, picture) if ballot and ballot.tier == picture.tier else None
    cells = [
        {
            "x": x + 1, "y": ACROSS - y, "n": n, "letter": queries.letter(g), "group": g,
            "cx": 40 * x + 20, "cy": 40 * (ACROSS - 1 - y) + 20, "r": min(6 + n // 8, 18),
            "here": here == (x, y),
        }
        for x, y, n, g in picture.told["map"]["cells"]
    ]  # fmt: skip
    sizes = picture.told["sizes"]
    return {
        "picture": picture, "cells": cells, "stable": picture.told["stable"],
        "groups": [(queries.letter(g), n) for g, n in enumerate(sizes) if n >= queries.FEWEST],
        "here": here and {
            "x": here[0] + 1, "y": ACROSS - here[1],
            "cx": 40 * here[0] + 20, "cy": 40 * (ACROSS - 1 - here[1]) + 20,
        },
        "left_out": picture.told["left_out"],
        "unsure": len(picture.told["within_reach"]),
    }  # fmt: skip


# The two stronger ways


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest, word: str) -> HttpResponse:
    """With a code on paper."""
    asked = our(request, word)
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        must_be_our_page(request)
    if form.is_valid():
        ballot = actions.take_code(asked, code=form.cleaned_data["code"])
        to = kept(request, reverse("asked:question", args=[word]))
        return http.hand_over(redirect(to), ballot, asked)
    return render(request, "ask/code.html", {**frame(request, asked), "form": form})


@waits_elsewhere
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def address(request: HttpRequest, word: str) -> HttpResponse:
    """With an e-mail address: a link is sent to it, and the address forgotten."""
    asked = our(request, word)
    form = AddressForm(request.POST or None)
    context = frame(request, asked)
    if request.method == "POST":
        must_be_our_page(request)
    if form.is_valid():
        typed = form.cleaned_data["address"]
        link = actions.ask_for_link(asked, typed=typed, address=peer(request))
        send(asked, context["title"], typed, link)
        return render(request, "ask/sent.html", context)
    return render(request, "ask/address.html", {**context, "form": form})


def send(asked: Question, title: str, to: str, link: str) -> None:
    page = reverse("asked:confirm", args=[asked.word])
    whole = f"{asked.agency.site}{page}?link={link}"
    said = _(
        "You, or somebody who typed your address, wants to vote on “%(title)s”.\n\n"
        "Open this link within two days to vote:\n%(link)s\n\n"
        "If that was not you, do nothing. We have kept nothing of your address."
    )
    words = said % {"title": title, "link": whole}
    mail.send_mail(" ".join(title.split()), words, settings.DEFAULT_FROM_EMAIL, [to])


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, word: str) -> HttpResponse:
    """Whoever opens the link presses a button: programs that look into letters open links too."""
    asked = our(request, word)
    link = request.POST.get("link") or request.GET.get("link", "")
    if request.method != "POST":
        return render(request, "ask/confirm.html", {**frame(request, asked), "link": link})
    must_be_our_page(request)
    ballot = actions.confirm_address(asked, link=link)
    return http.hand_over(redirect("asked:question", word), ballot, asked)


# What anybody may check


@require_safe
def log(request: HttpRequest, word: str) -> HttpResponse:
    """What became of the statements people sent: which were refused or merged, and why."""
    asked = our(request, word)
    rows = asked.statements.filter(written_by=None).select_related("merged_into")
    decided = rows.exclude(state__in=[StatementState.WAITING, StatementState.ACCEPTED])
    accepted = rows.filter(state=StatementState.ACCEPTED).count()
    waiting = rows.filter(state=StatementState.WAITING).count()
    counts = {"decided": decided, "accepted": accepted, "waiting": waiting}
    return render(request, "ask/log.html", {**frame(request, asked), **counts})


@require_safe
@never_cache
def receipt(request: HttpRequest, word: str) -> HttpResponse:
    """Whether your ballot is in the record, and a file that proves it."""
    asked = our(request, word)
    ballot = http.ballot_of(request, asked)
    found = queries.receipt_of(ballot) if ballot else None
    context = {"ballot": ballot, "receipt": found, "votes": queries.votes_of(ballot)}
    return render(request, "ask/receipt.html", {**frame(request, asked), **context})


@require_safe
@never_cache
def receipt_file(request: HttpRequest, word: str) -> HttpResponse:
    asked = our(request, word)
    ballot = get_object_or_404(Ballot, pk=getattr(http.ballot_of(request, asked), "pk", None))
    found = queries.receipt_of(ballot)
    if found is None:
        raise Refused(_("Your votes are put under a seal within a minute. Ask again then."))
    named = {"Content-Disposition": f'attachment; filename="receipt-{word}.json"'}
    return JsonResponse(found, headers=named)


@require_safe
def seals(request: HttpRequest, word: str) -> JsonResponse:
    """Every seal of this question, for whoever keeps a receipt."""
    return JsonResponse({"question": word, "seals": queries.seals_of(our(request, word))})


@require_safe
def qr_code(request: HttpRequest, word: str) -> HttpResponse:
    """The address of the question, to print."""
    drawing = qr(queries.public_address(our(request, word)))
    return HttpResponse(drawing, content_type="image/svg+xml")
