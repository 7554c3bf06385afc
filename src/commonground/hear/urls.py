"""Addresses of sources and topics."""

from django.urls import path

from commonground.hear import views

app_name = "hear"
urlpatterns = [
    path("listening/", views.listening_panel, name="listening_panel"),
    path("sources/", views.sources, name="sources"),
    path("sources/new/", views.new_source, name="new_source"),
    path("sources/<uuid:source_id>/", views.source, name="source"),
    path("sources/<uuid:source_id>/switch/", views.switch_source, name="switch_source"),
    path("topics/", views.topics, name="topics"),
    path("topics/looks/", views.looks, name="looks"),
    path("topics/propose/", views.propose, name="propose"),
    path("topics/<uuid:topic_id>/", views.topic, name="topic"),
    path("topics/<uuid:topic_id>/turn_down/", views.turn_down_topic, name="turn_down_topic"),
    path("topics/<uuid:topic_id>/approve/", views.approve_topic, name="approve_topic"),
    path("topics/<uuid:topic_id>/end/", views.end_topic, name="end_topic"),
]
