"""The pages of a post: write it, read it, follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set as AbstractSet
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.models import Member
from commonground.kit.media import shown_only
from commonground.record.models import Entry
from commonground.say import actions, line, queries, rules
from commonground.say.forms import (
    ComposeForm,
    GlassForm,
    HoldForm,
    PictureForm,
    StartForm,
    as_typed,
)
from commonground.say.forms.cards import CardForm
from commonground.say.forms.films import VideoForm
from commonground.say.forms.languages import LANGUAGES
from commonground.say.models import Card, Post, is_asked
from commonground.say.queries.echoes import echoed
from commonground.say.queries.pictures import picture_for
from commonground.say.queries.versions import choices_for, languages_of, versions_of
from commonground.say.states import WORKFLOW, State
from commonground.say.views.onward import onward
from commonground.say.views.pocket import owner_of
from commonground.spot.models import Moment


@login_required
@require_GET
def posts(request: DeskRequest) -> HttpResponse:
    """Everything being said, what needs somebody first."""
    ours = request.user.agency.posts.select_related("author", "moment")
    going_out = [State.APPROVED, State.SCHEDULED, State.PUBLISHING]
    groups = [
        (_("Drafts"), ours.filter(state=State.DRAFT)),
        (_("In review"), ours.waiting_for_review()),
        (_("Going out"), ours.filter(state__in=going_out)),
        (_("Failed"), ours.filter(state=State.FAILED)),
        (pgettext("posts", "Held"), ours.held()),
        (pgettext("posts", "Published"), ours.filter(state=State.PUBLISHED)),
        (pgettext("posts", "Withdrawn"), ours.filter(state=State.WITHDRAWN)),
    ]
    filled = [(name, shown) for name, rows in groups if (shown := rows[:20])]
    return render(request, "say/posts.html", {"groups": filled})


@login_required
@require_GET
def show(request: DeskRequest, post_id: UUID) -> HttpResponse:
    return page(request, our_post(request, post_id), "say/post.html")


@login_required
@require_GET
def life(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """The part of the page that changes by itself while a post goes out."""
    return page(request, our_post(request, post_id), "say/post.html#life")


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Start from a moment, with what helps already in the words, or from nothing."""
    rules.may_write(request.user)
    start = StartForm(request.POST or request.GET)
    moment = our_moment(request, start)
    helps = [m.resource for m in moment.matches.select_related("resource")] if moment else []
    if request.method == "GET":
        moments = request.user.agency.moments.open()[:5]
        prepared = request.user.agency.templates.all()[:10]
        context = {
            "moment": moment, "resources": helps, "moments": moments, "templates": prepared,
            "at": start.cleaned_data["at"],
        }  # fmt: skip
        return render(request, "say/new.html", context)
    post = actions.begin(
        by=request.user,
        moment=moment,
        resources=helps,
        title=moment.label if moment else "",
        text=queries.opening(helps),
        language=request.user.agency.language,
        go_out_at=start.cleaned_data["at"],
    )
    return redirect("say:write", post.pk)


@login_required
@require_http_methods(["GET", "POST"])
def write(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """Compose: the words, a variant for each channel, true counters and previews."""
    post = our_post(request, post_id)
    rules.may_change(post, request.user)
    form = typed_form(request, post) if request.method == "POST" else saved_form(request, post)
    if request.method == "GET" or not form.is_valid():
        return compose(request, post, form)
    if not request.htmx and queries.written_elsewhere(post, **form.pages()):
        return compare(request, post)
    post = actions.write(
        post, form.words(), by=request.user, turn=form.which_turn(), **form.pages()
    )
    if request.htmx:
        return compose(request, post, form)
    return onward(request, post, request.POST.get("then", ""))


def compare(request: DeskRequest, post: Post) -> HttpResponse:
    """Two windows, one draft: both texts on one page, so that a person loses neither."""
    typed = request.POST.copy()
    typed["before"] = post.written_on  # from here on they know of the other words
    form = ComposeForm(typed, **offered(request, post))
    form.full_clean()
    return compose(request, post, form, elsewhere=True)


def compose(
    request: DeskRequest, post: Post, form: ComposeForm,
    picture_form: PictureForm | None = None, *, video_form: VideoForm | None = None,
    card_forms: Mapping[int, CardForm] | None = None, elsewhere: bool = False,
) -> HttpResponse:  # fmt: skip
    words = form.words() if form.is_bound else None
    shown = (
        queries.previews_as_typed(post, words, form.channels)
        if words
        else queries.previews_of(post)
    )
    versions = versions_of(post)
    context = {
        "post": post, "form": form, "previews": shown, "versions": versions,
        "version_choices": choices_for(post, LANGUAGES, versions) if not request.htmx else [],
        "picture_form": picture_form or PictureForm(),
        "video_form": video_form or VideoForm(initial={"film_language": post.language}),
        "linked": queries.linked_in(post, words),
        "card_forms": forms_of_cards(post, card_forms or {}),
        "machine": queries.speaks_as_the_machine(words.title if words else post.title, post),
        "coached": queries.coached(post, words),
        "saved": request.method == "POST" and form.is_valid() and not elsewhere,
        "elsewhere": elsewhere,
        "owner": owner_of(request.user), "drafting_help": line.offered(),
    }  # fmt: skip
    template = "say/compose.html#check" if request.htmx else "say/compose.html"
    wrong = (form.is_bound and not form.is_valid()) or bool(
        picture_form or video_form or card_forms
    )
    status = 409 if elsewhere else 422 if wrong else 200
    return render(request, template, context, status=status)


def forms_of_cards(post: Post, typed: Mapping[int, CardForm]) -> list[tuple[Card, CardForm]]:
    cards = post.cards.defer("content")
    return [(card, typed.get(card.pk) or CardForm(card)) for card in cards]


def saved_form(request: DeskRequest, post: Post) -> ComposeForm:
    return ComposeForm(initial=as_typed(post), **offered(request, post))


def typed_form(request: DeskRequest, post: Post) -> ComposeForm:
    return ComposeForm(request.POST, **offered(request, post))


def offered(request: DeskRequest, post: Post) -> dict[str, Any]:
    """Where its author may speak, and in which languages it is said."""
    channels = list(queries.channels_for(post, request.user))
    return {"channels": channels, "languages": languages_of(post)}


@login_required
@require_POST
def correct(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """Put right what stands: a new draft from its words, which will lead to it and back."""
    draft = actions.correct(our_post(request, post_id), by=request.user)
    return redirect("say:write", draft.pk)


@login_required
@require_POST
def add_picture(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """The button stands in the form of the words: what was typed is kept before all else."""
    post = our_post(request, post_id)
    rules.may_change(post, request.user)
    typed, upload = typed_form(request, post), PictureForm(request.POST, request.FILES)
    kept = keep_words(request, post, typed)
    if not upload.is_valid():
        return compose(request, post, typed, picture_form=upload)
    actions.add_picture(
        post, upload.cleaned_data["upload"].read(), upload.cleaned_data["alt"], by=request.user
    )
    return to_pictures(request, post, typed, kept=kept)


@login_required
@require_POST
def remove_picture(request: DeskRequest, post_id: UUID, picture_id: int) -> HttpResponse:
    post = our_post(request, post_id)
    rules.may_change(post, request.user)
    picture = get_object_or_404(post.pictures, pk=picture_id)
    typed = typed_form(request, post)
    kept = keep_words(request, post, typed)
    actions.remove_picture(post, picture, by=request.user)
    return to_pictures(request, post, typed, kept=kept)


def keep_words(request: DeskRequest, post: Post, typed: ComposeForm) -> bool:
    """Save what stands in the form, if it can be; if another window wrote meanwhile, not yet."""
    if not typed.is_valid() or queries.written_elsewhere(post, **typed.pages()):
        return False
    actions.write(post, typed.words(), by=request.user, turn=typed.which_turn(), **typed.pages())
    return True


def to_pictures(
    request: DeskRequest, post: Post, typed: ComposeForm, *, kept: bool
) -> HttpResponse:
    """Back to where they were. What could not be saved stands there still, and says why."""
    if kept:
        return redirect(reverse("say:write", args=[post.pk]) + "#pictures")
    return compose(request, post, typed) if not typed.is_valid() else compare(request, post)


@login_required
@require_GET
@shown_only
def picture(request: DeskRequest, post_id: UUID, picture_id: int) -> HttpResponse:
    post = our_post(request, post_id)
    attachment = get_object_or_404(post.pictures, pk=picture_id)
    content, kind = bytes(attachment.content), attachment.type
    if (on := on_channel(request)) and (variant := post.variants.filter(channel_id=on).first()):
        shown = picture_for(variant.channel, attachment)
        content, kind = shown.content, shown.type
    # Asked anew each time: an approver must never be shown what is not covered any more, or not
    # covered yet, out of a browser's own memory.
    kept = {"Cache-Control": "private, no-cache", "ETag": f'"{attachment.sha256}"'}
    return HttpResponse(
        content, content_type=kind, headers={"X-Content-Type-Options": "nosniff", **kept}
    )


def on_channel(request: DeskRequest) -> UUID | None:
    """The channel whose readers' eyes we look through, if the address names one."""
    try:
        return UUID(request.GET.get("on", ""))
    except ValueError:
        return None


@login_required
@require_POST
def hold(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """Keep one post from going out, with a reason."""
    form = HoldForm(request.POST)
    form.full_clean()
    reason = form.cleaned_data.get("reason", "")
    return redirect(actions.hold(our_post(request, post_id), reason=reason, by=request.user))


@login_required
@require_POST
def hold_several(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """Keep the ticked posts from going out while a moment runs."""
    moment = get_object_or_404(request.user.agency.moments, pk=moment_id)
    form = HoldForm(request.POST, posts=request.user.agency.posts.queued())
    form.full_clean()
    reason = rules.must_have_a_reason(form.cleaned_data.get("reason", ""))
    held = actions.hold_each(form.chosen(), reason=reason, by=request.user, moment=moment)
    ticked = len(set(request.POST.getlist("post")))
    tell_what_is_held(request, len(held), ticked - len(held))
    return redirect(moment)


def tell_what_is_held(request: DeskRequest, held: int, gone: int) -> None:
    if held:
        words = ngettext("%(n)d post is held.", "%(n)d posts are held.", held)
        messages.success(request, words % {"n": held})
    if gone:
        words = ngettext(
            "%(n)d post no longer waited: look what became of it.",
            "%(n)d posts no longer waited: look what became of them.",
            gone,
        )
        messages.warning(request, words % {"n": gone})
    if not held and not gone:
        messages.warning(request, _("Nothing was ticked, so nothing is held."))


@login_required
@require_POST
def act(request: DeskRequest, post_id: UUID, transition: Callable[..., Post]) -> HttpResponse:
    """Take a post one step. With htmx only its life changes on the page; without, all of it."""
    post = transition(our_post(request, post_id), by=request.user)
    return page(request, post, "say/post.html#life") if request.htmx else redirect(post)


@login_required
@require_POST
def settle(
    request: DeskRequest, delivery_id: UUID, transition: Callable[..., object]
) -> HttpResponse:
    """A person says what became of a delivery the desk could not settle."""
    delivery = get_object_or_404(request.user.agency.deliveries, pk=delivery_id)
    transition(delivery, by=request.user)
    return redirect(delivery.variant.post)


@login_required
@require_POST
def note_restart(request: DeskRequest, restart_id: UUID) -> HttpResponse:
    """A person read what became of the deliveries in hand when the desk stopped."""
    restart = get_object_or_404(request.user.agency.restarts, pk=restart_id)
    actions.note_restart(restart, by=request.user)
    return redirect("now")


def our_post(request: DeskRequest, post_id: UUID) -> Post:
    """Another agency's post is not refused: it is not there."""
    return get_object_or_404(
        request.user.agency.posts.select_related("author", "moment", "held_by", "held_for"),
        pk=post_id,
    )


def our_moment(request: DeskRequest, start: StartForm) -> Moment | None:
    if not start.is_valid():
        raise Http404
    wanted = start.cleaned_data["moment"]
    return get_object_or_404(request.user.agency.moments, pk=wanted) if wanted else None


def page(
    request: DeskRequest, post: Post, template: str, glass_form: GlassForm | None = None
) -> HttpResponse:
    hands = queries.hands_of(request.user, post)
    variants = queries.deliveries_of(post)
    deliveries = [delivery for v in variants for delivery in v.deliveries.all()]
    context = {
        "post": post,
        "steps": steps_for(request.user, post, hands),
        "variants": variants,
        **queries.hands_on_holds(request.user),
        "entries": Entry.objects.about(post, *deliveries)[:30],
        "previews": queries.previews_of(post),
        "panes": post.broken_glass.select_related("by", "reviewed_by"),
        "glass_form": glass_form or GlassForm(),
        "echoed": echoed(post),
        "may_offer": rules.could_offer(post, request.user),
        "units": request.user.agency.units.all(),
        "may_correct": rules.could_correct(post, request.user),
        "reading": queries.reading_of(post) if post.state == State.IN_REVIEW else None,
        **what_stops(request, post),
    }
    return render(request, template, context, status=422 if glass_form else 200)


def steps_for(member: Member, post: Post, hands: AbstractSet[str]) -> list[str]:
    """What this person may do now. Nobody is shown the way to a yes that would not count."""
    steps = WORKFLOW.open_to(State(post.state), hands)
    return [s for s in steps if s != "approve" or is_asked(post, member)]


def what_stops(request: DeskRequest, post: Post) -> dict[str, object]:
    """For a post that nobody decided on yet: what the coach stops, and who may override it."""
    if post.state not in (State.DRAFT, State.IN_REVIEW):
        return {}
    second = "approver" in request.user.roles and post.author_id != request.user.pk
    return {
        "coached": queries.coached(post), "digest": post.digest, "may_override": second,
        "hindrance_alone": rules.hindrance_alone(post, request.user),
    }  # fmt: skip
