"""Addresses of what the news carried."""

from django.urls import path

from commonground.learn.views import coverage

app_name = "learn"
urlpatterns = [
    path("", coverage.coverages, name="coverages"),
    path("moment/<uuid:moment_id>/", coverage.follow_moment, name="follow_moment"),
    path("campaign/<uuid:campaign_id>/", coverage.follow_campaign, name="follow_campaign"),
    path("<uuid:coverage_id>/", coverage.coverage, name="coverage"),
    path("<uuid:coverage_id>/messages/", coverage.change_messages, name="change_messages"),
    path("<uuid:coverage_id>/add_article/", coverage.add_article, name="add_article"),
    path("article/<uuid:article_id>/", coverage.article, name="article"),
    path(
        "article/<uuid:article_id>/<int:place>/judge_reading/",
        coverage.judge_reading, name="judge_reading",
    ),
]  # fmt: skip
