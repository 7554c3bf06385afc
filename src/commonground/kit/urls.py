"""Addresses of the frame."""

from django.urls import path
from django.views.i18n import set_language

from commonground.kit import views

urlpatterns = [
    path("", views.now, name="now"),
    path("desk/help/", views.desk_help, name="desk_help"),
    path("language/", set_language, name="set_language"),
]
