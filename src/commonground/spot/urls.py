"""Addresses of moments and of the library."""

from django.urls import path

from commonground.spot import views
from commonground.spot.views import joint

app_name = "spot"
urlpatterns = [
    path("", views.moments, name="moments"),
    path("open/", views.open_panel, name="open_panel"),
    path("silent/", views.silent, name="silent"),
    path("backtests/", views.backtests, name="backtests"),
    path("backtests/<uuid:backtest_id>/", views.backtest, name="backtest"),
    path("<uuid:moment_id>/", views.moment, name="moment"),
    path("<uuid:moment_id>/join/", views.join, name="join"),
    path("<uuid:moment_id>/grave/", views.grave, name="grave"),
    path("<uuid:moment_id>/rumours/", views.log_rumour, name="log_rumour"),
    path("rumours/", views.rumour_log, name="rumour_log"),
    path("rumours/<uuid:rumour_id>/", views.rumour, name="rumour"),
    path("rumours/<uuid:rumour_id>/check/", views.check, name="check"),
    path("rumours/<uuid:rumour_id>/find_true/", views.find_true, name="find_true"),
    path("rumours/<uuid:rumour_id>/find_false/", views.find_false, name="find_false"),
    path("rumours/<uuid:rumour_id>/leave_open/", views.leave_open, name="leave_open"),
    path("rumours/<uuid:rumour_id>/answer/", views.answer_rumour, name="answer_rumour"),
    path("<uuid:moment_id>/dismiss/", views.dismiss, name="dismiss"),
    path("<uuid:moment_id>/merge/", views.merge, name="merge"),
    path("<uuid:moment_id>/act/", views.act, name="act"),
    path("<uuid:moment_id>/reopen/", views.reopen, name="reopen"),
    path("<uuid:moment_id>/together/", joint.joint, name="joint"),
    path("<uuid:moment_id>/together/ask_agency/", joint.ask_agency, name="ask_agency"),
    path("<uuid:moment_id>/together/facts/", joint.add_fact, name="add_fact"),
    path("<uuid:moment_id>/together/subjects/", joint.speak_on, name="speak_on"),
    path("together/<uuid:partner_id>/accept/", joint.accept, name="accept"),
    path("together/<uuid:partner_id>/turn_down/", joint.turn_down, name="turn_down"),
    path("together/<uuid:partner_id>/call_off/", joint.call_off, name="call_off"),
    path("together/<uuid:partner_id>/end_sharing/", joint.end_sharing, name="end_sharing"),
    path("together/<uuid:partner_id>/choose_shown/", joint.choose_shown, name="choose_shown"),
    path("facts/<uuid:fact_id>/take_back/", joint.take_back_fact, name="take_back_fact"),
    path("subjects/<uuid:speaker_id>/give_up/", joint.give_up_subject, name="give_up_subject"),
    path("resources/", views.resources, name="resources"),
    path("resources/new/", views.new_resource, name="new_resource"),
    path("resources/<uuid:resource_id>/", views.resource, name="resource"),
    path("resources/<uuid:resource_id>/check/", views.check_resource, name="check_resource"),
    path(
        "resources/<uuid:resource_id>/overload/", views.overload_resource, name="overload_resource"
    ),
    path("resources/<uuid:resource_id>/retire/", views.retire_resource, name="retire_resource"),
]
