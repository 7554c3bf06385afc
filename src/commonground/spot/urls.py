"""Addresses of moments and of the library."""

from django.urls import path

from commonground.spot import views

app_name = "spot"
urlpatterns = [
    path("", views.moments, name="moments"),
    path("open/", views.open_panel, name="open_panel"),
    path("<uuid:moment_id>/", views.moment, name="moment"),
    path("<uuid:moment_id>/dismiss/", views.dismiss, name="dismiss"),
    path("<uuid:moment_id>/merge/", views.merge, name="merge"),
    path("<uuid:moment_id>/act/", views.act, name="act"),
    path("<uuid:moment_id>/reopen/", views.reopen, name="reopen"),
    path("resources/", views.resources, name="resources"),
    path("resources/new/", views.new_resource, name="new_resource"),
    path("resources/<uuid:resource_id>/", views.resource, name="resource"),
    path("resources/<uuid:resource_id>/check/", views.check_resource, name="check_resource"),
    path("resources/<uuid:resource_id>/retire/", views.retire_resource, name="retire_resource"),
]
