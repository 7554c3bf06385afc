"""Addresses anyone may visit."""

from django.urls import path

from commonground.public import views

app_name = "public"
urlpatterns = [path("newsroom/", views.newsroom, name="newsroom")]
