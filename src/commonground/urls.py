"""Addresses: each room has its own, under its own word."""

from django.urls import include, path, re_path

from commonground.agency.views import ask_an_administrator
from commonground.connect.views import api_page
from commonground.kit.api.joining import joined, nowhere

# Ways in by e-mail, which the library below would open: this desk sends none, and who a member
# is, and by which address, is for an administrator to say.
CLOSED = {
    "signup/": "account_signup",
    "email/": "account_email",
    "confirm-email/": "account_email_verification_sent",
    "password/reset/": "account_reset_password",
    "password/reset/done/": "account_reset_password_done",
}

# What each room offers to programs; a room that is built later adds its line.
API = joined(
    [
        ("", "commonground.connect.api.router"),
        ("/record", "commonground.record.api.router"),
        ("", "commonground.channels.api.router"),
        ("", "commonground.spot.api.router"),
        ("", "commonground.say.api.router"),
        ("", "commonground.answer.api.router"),
    ],
    version="1",
)

urlpatterns = [
    path("", include("commonground.kit.urls")),
    path("api/", api_page, {"api": API}, name="api_page"),
    path("api/v1/", API.urls),
    re_path(r"^api/v1/", nowhere),  # whatever else is below it, and were it a line break
    *(path(f"account/{at}", ask_an_administrator, name=name) for at, name in CLOSED.items()),
    path("account/", include("allauth.urls")),
    path("agency/", include("commonground.agency.urls")),
    path("connect/", include("commonground.connect.urls")),
    path("protect/", include("commonground.protect.urls")),
    path("record/", include("commonground.record.urls")),
    path("channels/", include("commonground.channels.urls")),
    path("hear/", include("commonground.hear.urls")),
    path("spot/", include("commonground.spot.urls")),
    path("say/", include("commonground.say.urls")),
    path("answer/", include("commonground.answer.urls")),
    path("ask/", include("commonground.ask.urls")),
    path("learn/", include("commonground.learn.urls")),
    path("train/", include("commonground.train.urls")),
    path("", include("commonground.public.urls")),
]
