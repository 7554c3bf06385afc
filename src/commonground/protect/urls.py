"""Addresses of the hold, and of alarms."""

from django.urls import path

from commonground.protect import actions, views
from commonground.protect.views import devices, impostors

CASE = "impostors/<uuid:impostor_id>"

app_name = "protect"
urlpatterns = [
    path("alarms/", views.alarms, name="alarms"),
    path("alarms/panel/", views.alarms_panel, name="alarms_panel"),
    path("alarms/<uuid:alarm_id>/", views.alarm, name="alarm"),
    path("alarms/<uuid:alarm_id>/explain", views.explain, name="explain"),
    path("alarms/<uuid:alarm_id>/disown", views.act, {"verb": actions.disown}, name="disown"),
    path("alarms/<uuid:alarm_id>/reopen", views.act, {"verb": actions.reopen}, name="reopen"),
    path("alarms/<uuid:alarm_id>/remove", views.act, {"verb": actions.remove}, name="remove"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/look-again/", views.look_again, name="look_again"),
    path("accounts/<uuid:channel_id>/check/", views.check_account, name="check_account"),
    path("impostors/", impostors.impostors, name="impostors"),
    path("impostors/add/", impostors.add_impostor, name="add_impostor"),
    path(f"{CASE}/", impostors.impostor, name="impostor"),
    path(f"{CASE}/report", impostors.report, name="report"),
    *(
        path(f"{CASE}/{verb.__name__}", impostors.with_reason, {"verb": verb}, name=verb.__name__)
        for verb in (actions.find_harmless, actions.note_refusal)
    ),
    *(
        path(f"{CASE}/{verb.__name__}", impostors.take_step, {"verb": verb}, name=verb.__name__)
        for verb in (actions.look_into, actions.note_gone, actions.take_up_again)
    ),
    path("device/", devices.device, name="device"),
    path("stop/", views.stop, name="stop"),
    path("stop/<int:hold_id>/agree-to-restart/", views.agree_to_restart, name="agree_to_restart"),
    path("stop/<int:hold_id>/speak/", views.speak, name="speak"),
]
