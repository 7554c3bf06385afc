"""Two panes: the list, and the thread. On a phone one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.states import Role
from commonground.answer import actions, queries, rules
from commonground.answer.forms import (
    EmergencyForm,
    JudgeForm,
    NoteForm,
    PassOnForm,
    PriorityForm,
    ReplyForm,
    SearchForm,
    SnoozeForm,
)
from commonground.answer.models import Conversation, Message
from commonground.answer.queries.comments import comment_of
from commonground.answer.queries.hours import hour_of, to_look_at
from commonground.answer.templatetags.answer import KIND_WORDS
from commonground.kit.clock import database_now

VIEWS = {
    queries.MINE: gettext_lazy("Mine"), queries.UNCLAIMED: gettext_lazy("Unclaimed"),
    queries.WAITING: pgettext_lazy("conversations", "Waiting"),
    queries.ALL: pgettext_lazy("conversations", "All"),
}  # fmt: skip


@login_required
@require_GET
def inbox(request: DeskRequest) -> HttpResponse:
    """Who wrote to us, what needs somebody first."""
    rules.may_read(request.user)
    context = listed(request)
    context["hours"] = to_look_at(request.user.agency, context["now"])
    if not context["page"].rows and not context["words"]:
        context["today"] = queries.report(request.user.agency, start_of_day())
        context["heard_at"] = queries.last_heard(request.user.agency)
    return render(request, "answer/inbox.html", context)


def start_of_day() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def listed(request: DeskRequest) -> dict[str, Any]:
    """The list as the address asks for it."""
    now, form = database_now(), SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    asked = request.GET.get("view", "")
    usual = queries.ALL if words else usual_view(request)
    view = asked if asked in queries.VIEWS else usual
    many = queries.counts(request.user, now)
    page = queries.page_of(
        view, request.user, now, words=words, before=request.GET.get("before", "")
    )
    return {
        "now": now, "view": view, "words": words, "page": page,
        "views": [(name, VIEWS[name], many.get(name, "")) for name in queries.VIEWS],
        "silent": queries.silent_lines(request.user.agency, now),
    }  # fmt: skip


def usual_view(request: DeskRequest) -> str:
    return queries.UNCLAIMED if Role.AUTHOR in request.user.roles else queries.ALL


@login_required
@require_GET
def conversation(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """One thread, with everything said in it, beside the list it was opened from."""
    found = our_conversation(request, conversation_id)
    return render(request, "answer/conversation.html", thread(request, found))


def thread(
    request: DeskRequest, found: Conversation, reply_form: ReplyForm | None = None, **forms: Any
) -> dict[str, Any]:
    now = database_now()
    turns = queries.thread_of(found)
    standing = [t.thing for t in turns if isinstance(t.thing, Message) and not t.thing.gone_at]
    last = standing[-1] if standing else None
    pending = rules.pending_of(found)
    holder = found.holder(now)
    return {
        **listed(request), "conversation": found, "turns": turns, "last": last,
        "holder": holder, "mine": holder is not None and holder == request.user,
        "may_act": Role.AUTHOR in request.user.roles, "pending": pending,
        "can_answer": rules.can_be_answered(found, last),
        "reply_form": reply_form or ReplyForm(initial=start_of(request, found, last),
                                              pending=bool(pending)),
        "note_form": NoteForm(), "snooze_form": SnoozeForm(initial={"wait": "4h"}),
        "pass_form": PassOnForm(people=queries.who_answers(request.user.agency)),
        "priority_form": PriorityForm(initial={"priority": found.priority}),
        "saved": request.user.agency.saved_answers.all()[:50], "kinds": KIND_WORDS.items(),
        "measures": found.measures.live(), "hour": hour_of(found), "comment": comment_of(found),
        **forms,
    }  # fmt: skip


def start_of(request: DeskRequest, found: Conversation, last: Any) -> dict[str, Any]:
    """Where an answer begins: with whom it is for, and the saved words that were asked for."""
    text = ""
    if found.channel.network in ("mastodon", "fediverse") and last:
        text = f"{last.said.get('handle', '')} "
    wanted = request.GET.get("saved", "")
    if wanted.isdecimal() and len(wanted) < 10:
        ready = request.user.agency.saved_answers.filter(pk=int(wanted)).first()
        text += ready.text if ready else ""
    language = (last.said.get("language") if last else "") or found.channel.language
    return {"text": text, "language": language, "beneath": last.pk if last else 0}


@login_required
@require_POST
def act(
    request: DeskRequest, conversation_id: UUID, action: Callable[..., Conversation]
) -> HttpResponse:
    found = our_conversation(request, conversation_id)
    action(found, by=request.user)
    if action is actions.close:
        messages.success(request, _("Done. If they write again, it is open again."))
        return redirect("answer:inbox")
    return redirect(found)


@login_required
@require_POST
def pass_on(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    found = our_conversation(request, conversation_id)
    form = PassOnForm(request.POST, people=queries.who_answers(request.user.agency))
    if not form.is_valid():
        return wrong(request, found, pass_form=form)
    given = form.cleaned_data
    actions.pass_on(found, to=given["to"], note=given["note"], by=request.user)
    messages.success(request, _("%(name)s has it now.") % {"name": given["to"].name})
    return redirect(found)


@login_required
@require_POST
def snooze(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    found = our_conversation(request, conversation_id)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return wrong(request, found, snooze_form=form)
    actions.snooze(found, until=form.until(), by=request.user)
    messages.success(request, _("It comes back by itself then, or when they write again."))
    return redirect("answer:inbox")


@login_required
@require_POST
def note(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    found = our_conversation(request, conversation_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return wrong(request, found, note_form=form)
    actions.add_note(found, text=form.cleaned_data["text"], by=request.user)
    return redirect(found)


@login_required
@require_POST
def priority(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    found = our_conversation(request, conversation_id)
    form = PriorityForm(request.POST)
    if not form.is_valid():
        return wrong(request, found, priority_form=form)
    actions.set_priority(found, priority=form.cleaned_data["priority"], by=request.user)
    return redirect(found)


@login_required
@require_POST
def reply(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """Ask for a second pair of eyes; or take the words to the editor, where the coach reads."""
    found = our_conversation(request, conversation_id)
    form = ReplyForm(request.POST, pending=bool(rules.pending_of(found)))
    if not form.is_valid():
        return wrong(request, found, reply_form=form)
    given, further = form.cleaned_data, request.POST.get("then") == "edit"
    beneath = get_object_or_404(found.messages, pk=given["beneath"])
    answer = actions.reply(
        beneath, text=given["text"], language=given["language"], by=request.user,
        submit=not further, earlier=given.get("earlier", ""), ask=given["ask"],
    )  # fmt: skip
    if further:
        return redirect("say:write", answer.post_id)
    messages.success(request, _("Kept. A second person reads it; then it goes out."))
    return redirect(found)


@login_required
def emergency(request: DeskRequest, conversation_id: UUID) -> HttpResponse:
    """What to do, step by step, when somebody may be in danger: the desk does none of it."""
    found = our_conversation(request, conversation_id)
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.raise_emergency(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Written down. It stays urgent until somebody changes that."))
        return redirect(found)
    shown = list(found.messages.all())
    context = {
        "conversation": found, "form": form, "last": shown[-1] if shown else None,
        "may_act": Role.AUTHOR in request.user.roles,
    }  # fmt: skip
    return render(request, "answer/emergency.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def judge(request: DeskRequest, message_id: int) -> HttpResponse:
    rules.may_read(request.user)
    ours = Message.objects.filter(conversation__agency=request.user.agency)
    message = get_object_or_404(ours.select_related("conversation__channel"), pk=message_id)
    form = JudgeForm(request.POST)
    if form.is_valid():
        actions.judge(message, by=request.user, **form.cleaned_data)
    return redirect(message.conversation)


def wrong(request: DeskRequest, found: Conversation, **forms: Any) -> HttpResponse:
    context = thread(request, found, forms.pop("reply_form", None), **forms)
    context["form"] = next((f for f in forms.values()), context["reply_form"])
    return render(request, "answer/conversation.html", context, status=422)


def our_conversation(request: DeskRequest, conversation_id: UUID) -> Conversation:
    """Another agency's conversation is not refused: it is not there."""
    rules.may_read(request.user)
    ours = request.user.agency.conversations.select_related("channel", "owner", "about", "agency")
    return get_object_or_404(ours, pk=conversation_id)
