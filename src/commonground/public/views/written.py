"""What people write on our own site: comments beneath what we said, and the page that whoever
wrote one has of it. No account, no cookie, no script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from commonground.answer import actions
from commonground.answer.models import ChatHour, SetAside, mark_of
from commonground.answer.queries.measures import hidden_by
from commonground.answer.rules.comments import must_take_comments
from commonground.channels.networks.site.models import Comment, Page
from commonground.public import queries
from commonground.public.forms import AskForm
from commonground.public.views import show, shown_post
from commonground.public.views.letters import must_be_our_page
from commonground.public.views.talk import languages_of, sent


@csrf_exempt  # a token would need a cookie: see from_our_page
@require_POST
@never_cache
def comment(request: HttpRequest, key: str) -> HttpResponse:
    """Write beneath something we said."""
    must_be_our_page(request)
    agency = queries.the_agency(request)
    page = queries.page_of(agency, key)
    # First: with its mistakes the form draws the post, also one that was taken back.
    must_take_comments(page)
    form = AskForm(request.POST, label=_("Your comment"), languages=languages_of(agency))
    token = sent(form, request, lambda **given: actions.comment_on(page, **given))
    if token:
        return redirect("public:written", token=token)
    return shown_post(request, agency, page, form)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def written(request: HttpRequest, token: str) -> HttpResponse:
    """The page of whoever wrote it: what became of it, and how to delete it."""
    agency = queries.the_agency(request)
    rows = Comment.objects.behind(token).filter(channel__agency=agency)
    found = rows.select_related("channel").first()
    if found is None:
        raise Http404
    if request.method == "POST":
        must_be_our_page(request)
        actions.delete_comment(found)
        return redirect("public:written", token=token)
    answer = show(request, agency, "written", comment=found, **what_became_of(found))
    # The address is the key: it goes to nobody else.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def what_became_of(comment: Comment) -> dict[str, Any]:
    mark = mark_of(comment.channel_id, comment.key)
    asides = SetAside.objects.filter(conversation__messages__mark=mark).select_related("into")
    aside = asides.first()
    answers = Page.objects.filter(answers=comment, withdrawn_at=None).order_by("published_at")
    if aside and aside.into_id:
        names = aside.into.messages.values_list("mark", flat=True) if aside.into else []
        answers = Page.objects.filter(answers__in=keyed(comment, names), withdrawn_at=None)
    word = comment.beneath.removeprefix("chat/")
    hour = ChatHour.objects.filter(channel=comment.channel_id, word=word).first()
    return {
        "answers": list(answers), "aside": aside, "rule": hidden_by([mark]).get(mark, ""),
        "hour": hour if comment.beneath.startswith("chat/") else None,
    }  # fmt: skip


def keyed(comment: Comment, marks: Iterable[str]) -> list[Comment]:
    """Questions of the same hour by the marks of the inbox."""
    wanted = set(marks)
    beside = Comment.objects.beneath(comment.beneath).filter(channel=comment.channel_id)
    return [one for one in beside if mark_of(one.channel_id, one.key) in wanted]
