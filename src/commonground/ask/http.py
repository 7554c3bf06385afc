"""What a visitor brings along: a ballot in a cookie, an address, a language."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import activate
from django.utils.translation.trans_real import parse_accept_lang_header

from commonground.ask.engine.work import puzzle
from commonground.ask.models import Ballot, Question

KEPT = 90 * 24 * 3600  # seconds a browser remembers a ballot: longer than a question runs
START_LASTS = 6 * 3600  # from opening the page to the first vote


def ballot_of(request: HttpRequest, question: Question) -> Ballot | None:
    """The ballot this browser holds for this question."""
    held = request.COOKIES.get(name_of(question), "")
    try:
        tier, person = signing.loads(held, salt=f"ballot {question.word}")
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Ballot.objects.filter(question=question, tier=tier, person=person).first()


def hand_over(response: HttpResponse, ballot: Ballot, question: Question) -> HttpResponse:
    """Have the browser keep the ballot: one cookie, sent to this question's pages alone."""
    response.set_cookie(
        name_of(question),
        signing.dumps([ballot.tier, ballot.person], salt=f"ballot {question.word}"),
        max_age=KEPT, path=f"/ask/{question.word}/", secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def name_of(question: Question) -> str:
    return f"ballot-{question.word}"


def beginning() -> dict[str, str]:
    """What the first form of a visitor carries: the ballot-to-be, and a puzzle for the script."""
    salt = secrets.token_hex(16)
    goal = puzzle(salt, secrets.randbelow(1 << 30))
    start = signing.dumps([salt, goal], salt="ask.start", compress=False)
    return {"start": start, "salt": salt, "goal": goal}


def begun(request: HttpRequest) -> tuple[str, str] | None:
    """Salt and goal as we signed them, if that was today."""
    try:
        salt, goal = signing.loads(
            request.POST.get("start", ""), salt="ask.start", max_age=START_LASTS
        )
    except (signing.BadSignature, ValueError):
        return None
    return str(salt), str(goal)


def members_here(request: HttpRequest) -> tuple[object, ...]:
    """Whoever of the desk is signed in on this browser. Visitors cost no query."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ()
    return (request.user.pk,) if request.user.is_authenticated else ()


def language_for(request: HttpRequest, question: Question) -> str:
    """The language of a reader: the one asked for, else the browser's first that the question
    has, else the question's own."""
    wanted = [request.POST.get("in", ""), request.GET.get("in", "")]
    spoken = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    wanted += [code.partition("-")[0] for code, _ in spoken]
    return next((code for code in wanted if code in question.languages), question.language)


def speak(request: HttpRequest, language: str) -> None:
    """Have the page's own words in the reader's language too, where we have them."""
    if language in dict(settings.LANGUAGES):
        activate(language)
        request.LANGUAGE_CODE = language
