"""Addresses of the hold."""

from django.urls import path

from commonground.protect import views

app_name = "protect"
urlpatterns = [
    path("stop/", views.stop, name="stop"),
    path("stop/<int:hold_id>/agree-to-restart/", views.agree_to_restart, name="agree_to_restart"),
]
