"""Addresses of ANSWER."""

from django.urls import path

from commonground.answer import actions
from commonground.answer.views import deeds, desk, inbox, measures, policies

app_name = "answer"
THIS = "<uuid:conversation_id>/"
MEASURE = "measures/<uuid:measure_id>/"
APPEAL, POLICY = "appeals/<uuid:appeal_id>/", "policy/<uuid:policy_id>/"
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
    path(f"{THIS}measure/", measures.ask, name="ask_for_measure"),
    path("measures/", measures.measures, name="measures"),
    path("first-page/", measures.first_page, name="first_page"),
    path(MEASURE, measures.measure, name="measure"),
    path(f"{MEASURE}allow/", measures.act, {"action": actions.allow}, name="allow"),
    path(f"{MEASURE}recall/", measures.act, {"action": actions.recall}, name="recall"),
    path(f"{MEASURE}done/", measures.act, {"action": actions.note_by_hand}, name="done_by_hand"),
    path(f"{MEASURE}told/", measures.told, name="told_by_hand"),
    path(f"{MEASURE}turn_down/", measures.act_with_reason, {"action": actions.turn_down},
         name="turn_down"),
    path(f"{MEASURE}end/", measures.act_with_reason, {"action": actions.end}, name="end"),
    path(f"{APPEAL}grant/", measures.decide, {"action": actions.grant}, name="grant"),
    path(f"{APPEAL}uphold/", measures.decide, {"action": actions.uphold}, name="uphold"),
    path("policy/", policies.policies, name="policies"),
    path("policy/new/", policies.new_policy, name="new_policy"),
    path(f"{POLICY}publish/", policies.act, {"action": actions.publish}, name="publish"),
    path(f"{POLICY}drop/", policies.act, {"action": actions.drop}, name="drop"),
    path("deeds/", deeds.deeds, name="deeds"),
    path("deeds/new/", deeds.new_deed, name="new_deed"),
    path("deeds/<uuid:deed_id>/", deeds.deed, name="deed"),
    path("deeds/<uuid:deed_id>/announce/", deeds.act, {"action": actions.announce},
         name="announce"),
    path("deeds/<uuid:deed_id>/give_up/", deeds.act, {"action": actions.give_up}, name="give_up"),
    path("deeds/<uuid:deed_id>/retract/", deeds.retract, name="retract"),
    path("filters/", policies.filters, name="filters"),
    path("filters/<uuid:channel_id>/", policies.note_filter, name="note_filter"),
]  # fmt: skip
