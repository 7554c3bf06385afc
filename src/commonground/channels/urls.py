"""Addresses of channels."""

from django.urls import path

from commonground.channels import views

app_name = "channels"
urlpatterns = [
    path("", views.channels, name="channels"),
    path("open/", views.open_channel, name="open"),
    path("<uuid:channel_id>/", views.channel, name="channel"),
    path("<uuid:channel_id>/sign-in/", views.sign_in, name="sign_in"),
    path("<uuid:channel_id>/prove/", views.prove, name="prove"),
    path("<uuid:channel_id>/pause/", views.pause, name="pause"),
    path("<uuid:channel_id>/resume/", views.resume, name="resume"),
    path("<uuid:channel_id>/close/", views.close, name="close"),
    path("<uuid:channel_id>/forget/", views.forget, name="forget"),
    path("<uuid:channel_id>/authorise/", views.authorise, name="authorise"),
    path(
        "<uuid:channel_id>/authorisations/<int:number>/reconfirm/",
        views.reconfirm,
        name="reconfirm",
    ),
    path(
        "<uuid:channel_id>/authorisations/<int:number>/end/",
        views.end_authorisation,
        name="end_authorisation",
    ),
]
