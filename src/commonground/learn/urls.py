"""Addresses of what the news carried."""

from django.urls import path

from commonground.learn import views

app_name = "learn"
urlpatterns = [
    path("", views.coverages, name="coverages"),
    path("moment/<uuid:moment_id>/", views.follow_moment, name="follow_moment"),
    path("campaign/<uuid:campaign_id>/", views.follow_campaign, name="follow_campaign"),
    path("<uuid:coverage_id>/", views.coverage, name="coverage"),
    path("<uuid:coverage_id>/messages/", views.change_messages, name="change_messages"),
    path("<uuid:coverage_id>/add_article/", views.add_article, name="add_article"),
    path("article/<uuid:article_id>/", views.article, name="article"),
    path(
        "article/<uuid:article_id>/<int:place>/judge_reading/",
        views.judge_reading, name="judge_reading",
    ),
]  # fmt: skip
