"""Addresses of programs that come in, and of those that are told."""

from django.urls import path

from commonground.connect import views

app_name = "connect"
urlpatterns = [
    path("", views.programs, name="programs"),
    path("keys/new/", views.new_token, name="new_token"),
    path("keys/<uuid:token_id>/take/", views.take_token, name="take_token"),
    path("keys/<uuid:token_id>/end/", views.end_token, name="end_token"),
    path("told/new/", views.new_webhook, name="new_webhook"),
    path("told/<uuid:webhook_id>/", views.webhook, name="webhook"),
    path("told/<uuid:webhook_id>/change/", views.change_webhook, name="change_webhook"),
    path("told/<uuid:webhook_id>/secret/", views.renew_secret, name="renew_secret"),
    path("told/<uuid:webhook_id>/test/", views.send_test, name="send_test"),
    path("told/<uuid:webhook_id>/pause/", views.pause_webhook, name="pause_webhook"),
    path("told/<uuid:webhook_id>/resume/", views.resume_webhook, name="resume_webhook"),
    path("told/<uuid:webhook_id>/close/", views.close_webhook, name="close_webhook"),
    path("notices/<uuid:notice_id>/resend/", views.resend, name="resend"),
]
