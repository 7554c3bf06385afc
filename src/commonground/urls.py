"""Addresses: each room has its own, under its own word."""

from django.urls import include, path

urlpatterns = [
    path("", include("commonground.kit.urls")),
    path("account/", include("allauth.urls")),
    path("agency/", include("commonground.agency.urls")),
    path("protect/", include("commonground.protect.urls")),
    path("record/", include("commonground.record.urls")),
    path("channels/", include("commonground.channels.urls")),
    path("hear/", include("commonground.hear.urls")),
    path("spot/", include("commonground.spot.urls")),
    path("say/", include("commonground.say.urls")),
    path("", include("commonground.public.urls")),
]
