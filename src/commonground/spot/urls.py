"""Addresses of moments and of the library."""

from django.urls import path

from commonground.spot import views

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
    path("resources/", views.resources, name="resources"),
    path("resources/new/", views.new_resource, name="new_resource"),
    path("resources/<uuid:resource_id>/", views.resource, name="resource"),
    path("resources/<uuid:resource_id>/check/", views.check_resource, name="check_resource"),
    path(
        "resources/<uuid:resource_id>/overload/", views.overload_resource, name="overload_resource"
    ),
    path("resources/<uuid:resource_id>/retire/", views.retire_resource, name="retire_resource"),
]
