"""What the public pages show of what people write on our own site, and how they take it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from commonground.agency.models import Agency
from commonground.answer.queries import comments as queries_of_comments
from commonground.answer.rules.comments import takes_comments
from commonground.channels.networks.site.commenting import new_token
from commonground.channels.networks.site.models import How, Page
from commonground.kit.arrivals import Crowded
from commonground.kit.drawn import Drawn
from commonground.kit.visitors import peer
from commonground.public.forms import AskForm
from commonground.public.http import AS_CAPTURED

# What people wrote and we answered is the same for everybody who reads it in one language.
SAID = Drawn()


def blank(label: str, languages: Sequence[str], wanted: str = "") -> AskForm:
    """An empty form, with the word that will open the page of what is written: sent twice by a
    line that breaks, it is there once."""
    language = wanted if wanted in languages else languages[0]
    given = {"once": new_token(), "language": language}
    return AskForm(label=label, languages=languages, initial=given)


def sent(form: AskForm, request: HttpRequest, write: Callable[..., str]) -> str:
    """The word of the page of what was written; nothing, where the form says why not."""
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    try:
        return write(
            text=given["text"], name=given["name"], language=given["language"],
            token=given["once"], come_from=peer(request),
        )  # fmt: skip
    except Crowded:
        form.add_error(None, _("Too many write at once from where you are, or here. Your words are"
                               " still below: try in an hour."))  # fmt: skip
        return ""


def talk_beneath(
    request: HttpRequest, agency: Agency, page: Page, form: AskForm | None = None
) -> dict[str, Any]:
    """What a page of the newsroom shows of comments."""
    if AS_CAPTURED in request.META:
        return {}
    how = takes_comments(page)
    version = queries_of_comments.version_of(page)
    many = queries_of_comments.many_beneath(page)
    if how == How.OFF and not many:
        return {}
    label = _("Your comment")
    if form is None and how != How.OFF:
        form = blank(label, languages_of(agency), str(get_language()))
    return {
        "talk": True, "how": how.value,
        "said": SAID.once(("comments", page.pk, how), version, lambda: drawn(agency, page, how)),
        "waits": queries_of_comments.waiting_beneath(page),
        "only_latest": many >= queries_of_comments.MOST,
        "form": form if how != How.OFF else None,
    }  # fmt: skip


def drawn(agency: Agency, page: Page, how: How) -> SafeString:
    shown = {"comments": queries_of_comments.beneath(page), "takes": how != How.OFF}
    return render_to_string("public/comments_said.html", {"agency": agency, **shown})


def languages_of(agency: Agency) -> list[str]:
    return list(agency.languages) or [agency.language]
