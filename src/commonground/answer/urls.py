"""Addresses of ANSWER."""

from django.urls import path

from commonground.answer import actions
from commonground.answer.views import desk, inbox

app_name = "answer"
THIS = "<uuid:conversation_id>/"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path(THIS, inbox.conversation, name="conversation"),
    path(f"{THIS}claim/", inbox.act, {"action": actions.claim}, name="claim"),
    path(f"{THIS}let-go/", inbox.act, {"action": actions.let_go}, name="let_go"),
    path(f"{THIS}close/", inbox.act, {"action": actions.close}, name="close"),
    path(f"{THIS}reopen/", inbox.act, {"action": actions.reopen}, name="reopen"),
    path(f"{THIS}pass-on/", inbox.pass_on, name="pass_on"),
    path(f"{THIS}snooze/", inbox.snooze, name="snooze"),
    path(f"{THIS}note/", inbox.note, name="note"),
    path(f"{THIS}priority/", inbox.priority, name="priority"),
    path(f"{THIS}reply/", inbox.reply, name="reply"),
    path(f"{THIS}emergency/", inbox.emergency, name="emergency"),
    path("messages/<int:message_id>/judge/", inbox.judge, name="judge"),
    path("saved/", desk.saved, name="saved"),
    path("saved/new/", desk.new_saved, name="new_saved"),
    path("saved/<int:saved_id>/", desk.change_saved, name="change_saved"),
    path("saved/<int:saved_id>/remove/", desk.remove_saved, name="remove_saved"),
    path("promise/", desk.promise, name="promise"),
    path("report/", desk.report, name="report"),
    path("triage/", desk.triage, name="triage"),
]
