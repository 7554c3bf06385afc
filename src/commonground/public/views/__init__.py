"""What anyone may see: no sign-in, no script, no cookie."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from commonground.agency.models import Agency
from commonground.channels.networks.site.models import Page, PagePicture
from commonground.kit.languages import name_of_language
from commonground.kit.media import for_all
from commonground.kit.paging import by_time
from commonground.public import engine, queries
from commonground.public.forms import AskForm
from commonground.public.http import read_all_in, read_in
from commonground.public.views.talk import talk_beneath
from commonground.say.engine.cropping import crop, is_called
from commonground.say.engine.pictures import as_jpeg
from commonground.say.models.alerts import RESPONSES


def show(
    request: HttpRequest, agency: Agency, name: str, status: int = 200, **context: object
) -> HttpResponse:
    return render(request, f"public/{name}.html", {"agency": agency, **context}, status=status)


@require_safe
def newsroom(request: HttpRequest) -> HttpResponse:
    """Everything we said, newest first."""
    agency = queries.the_agency(request)
    rows = queries.said_by(agency)
    page = by_time(rows, "published_at", request.GET.get("before", ""))
    read_all_in(request, page.rows)
    return show(request, agency, "newsroom", page=page, chats=queries.chats_ahead(agency))


@require_safe
def post(request: HttpRequest, key: str) -> HttpResponse:
    """One thing we said. Withdrawn, it stays as a stub that says why, with status 410."""
    agency = queries.the_agency(request)
    page = queries.page_of(agency, key)
    if page.withdrawn_at:
        return show(request, agency, "withdrawn", status=410, post=page)
    if page.answers:  # it stands beneath what it answers
        return redirect(page.answers.path)
    return shown_post(request, agency, page)


def shown_post(
    request: HttpRequest, agency: Agency, page: Page, form: AskForm | None = None
) -> HttpResponse:
    """A post that stands, and what people wrote beneath it."""
    read_in(request, page)
    here = page.receipt.url + (f"?in={page.language}" if page.also else "")
    said = f"{page} {here}"
    share = {
        "bluesky": engine.share_on_bluesky(said),
        "mail": engine.share_by_mail(str(page), said),
    }
    warning = warning_of(page)
    talk = talk_beneath(request, agency, page, form)
    answer = show(
        request, agency, "post", status=422 if form and form.errors else 200, post=page,
        share=share, address=page.receipt.url, here=here, warning=warning, **talk,
    )  # fmt: skip
    if talk.get("form"):  # each form is one visitor's own
        add_never_cache_headers(answer)
    return answer


def warning_of(page: Page) -> dict[str, object] | None:
    """The public alert a page is: what people should do, and whether it still holds."""
    terms = page.warning
    if terms is None:
        return None
    return {
        "terms": terms, "response": dict(RESPONSES)[terms.response],
        "until": page.in_force_until, "over": not page.in_force(timezone.now()),
        "replaced": bool(page.corrections.all()),
    }  # fmt: skip


@require_safe
def share(request: HttpRequest, key: str) -> HttpResponse:
    """A link to the posting window of the reader's own Mastodon server. We keep nothing."""
    agency = queries.the_agency(request)
    page = get_object_or_404(queries.pages_of(agency), key=key, withdrawn_at=None)
    read_in(request, page)
    server = engine.host_in(request.GET.get("server", ""))
    link = engine.share_on_mastodon(server, f"{page} {page.receipt.url}") if server else ""
    return show(request, agency, "share", post=page, server=server, link=link)


@require_safe
@for_all
def picture(request: HttpRequest, key: str, place: int) -> HttpResponse:
    """A picture of a page that still stands. Its bytes were drawn anew by us."""
    found = get_object_or_404(PagePicture, page__in=queries.still_shown(request, key), place=place)
    kept = {"Cache-Control": "public, max-age=3600"}
    return HttpResponse(bytes(found.content), content_type=found.type, headers=kept)


@require_safe
@for_all
def picture_of_a_post(request: HttpRequest, digest: str) -> HttpResponse:
    """A picture by its digest, as JPEG, while its post goes out and stands.

    Some networks take no picture, they fetch it: from here. Nobody can guess a digest, and
    before a second person said yes to the post there is nothing under it.
    """
    whole, shape = is_called(digest)
    found = queries.picture_of_a_post(queries.whose_posts_pictures(request), whole)
    content = bytes(found.content)
    if shape is None:
        return HttpResponse(as_jpeg(content, found.type), content_type="image/jpeg")
    if shape not in queries.shapes_that_are_cut():
        raise Http404
    cut = crop(content, shape, (found.focus_x, found.focus_y))
    return HttpResponse(cut.content, content_type=cut.type)


@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    agency = queries.the_agency(request)
    accounts = [account for account in queries.accounts_of(agency) if account.vouched]
    letters = bool(queries.lists_of(agency))
    notices = bool(queries.lists_of(agency, "push"))
    return show(request, agency, "follow", accounts=accounts, letters=letters, notices=notices)


@require_safe
def help_for_all(request: HttpRequest) -> HttpResponse:
    """The help we stand behind, by kind, in a language if one is asked for."""
    agency = queries.the_agency(request)
    spoken = queries.languages_of_help(agency)
    asked = request.GET.get("language", "")
    resources = queries.resources_for(agency, asked if asked in spoken else "")
    languages = [(code, name_of_language(code, own=True).capitalize()) for code in spoken]
    return show(request, agency, "help", resources=resources, languages=languages, asked=asked)


@require_safe
def listening(request: HttpRequest) -> HttpResponse:
    """What we listen for, who approved it, and when it ends."""
    agency = queries.the_agency(request)
    topics, sources = queries.topics_with_looks(agency), queries.sources_of(agency)
    tried, days = queries.words_tried(agency), queries.LOOKED_BACK_DAYS
    return show(
        request, agency, "listening", topics=topics, sources=sources, tried=tried, days=days
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return show(request, queries.the_agency(request), "about")
