"""What a visitor brings along: the language they read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from commonground.ask.http import speak
from commonground.channels.line.own import InLanguages
from commonground.channels.networks.site.models import Page

# Set by whoever captures a page for the record, and by no visitor: what people write beneath it is
# theirs, is deleted when they say so, and must not stand for ever in a copy of what we said.
AS_CAPTURED = "commonground.captured"
CODE = re.compile(r"[a-z]{2,3}")


def asked_for(request: HttpRequest) -> str:
    """The language an address names; "" where it names none."""
    code = request.GET.get("in", "")
    return code if CODE.fullmatch(code) else ""


def wanted_by(request: HttpRequest) -> list[str]:
    """The languages of a reader, the one they asked for before those of their browser."""
    spoken = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    return [asked_for(request), *(code.partition("-")[0] for code, _ in spoken)]


def read_in(request: HttpRequest, shown: InLanguages) -> None:
    """Have something of ours read in the reader's language. Where they asked for one by its
    address, the page's own words follow it."""
    shown.speak(*wanted_by(request))
    if isinstance(shown, Page):  # what it leads to as well
        read_all_in(request, [*shown.corrections.all(), *filter(None, [shown.corrects])])
    if asked_for(request) == shown.language:
        speak(request, shown.language)


def read_all_in(request: HttpRequest, shown: Sequence[InLanguages]) -> None:
    wanted = wanted_by(request)
    for one in shown:
        one.speak(*wanted)
