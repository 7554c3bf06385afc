"""Addresses of the hold, and of alarms."""

from django.urls import path

from commonground.protect import actions, views

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
    path("accounts/<uuid:channel_id>/check/", views.check_account, name="check_account"),
    path("stop/", views.stop, name="stop"),
    path("stop/<int:hold_id>/agree-to-restart/", views.agree_to_restart, name="agree_to_restart"),
    path("stop/<int:hold_id>/speak/", views.speak, name="speak"),
]
