"""Addresses of the frame."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from commonground.kit import views

urlpatterns = [
    path("", views.now, name="now"),
    path("desk/help/", views.desk_help, name="desk_help"),
    # Anyone may choose a language; a token for it would cost the public a cookie.
    path("language/", csrf_exempt(set_language), name="set_language"),
]
