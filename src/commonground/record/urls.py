"""Addresses of the record."""

from django.urls import path

from commonground.record import views

app_name = "record"
urlpatterns = [
    path("", views.record, name="record"),
    path("integrity/", views.integrity_panel, name="integrity_panel"),
    path("live/", views.live, name="live"),
]
