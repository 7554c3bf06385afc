"""Addresses: each room has its own, under its own word."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("say/", include("commonground.say.urls")),
]
