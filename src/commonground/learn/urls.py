"""Addresses of what the news carried, and of how far people trust us."""

from django.urls import path

from commonground.learn.views import coverage, experiments, pulses, reach

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
    path("people/", pulses.pulses, name="pulses"),
    path("people/census/", pulses.bring_census, name="bring_census"),
    path("people/new/", pulses.draft_pulse, name="draft_pulse"),
    path("people/<uuid:pulse_id>/", pulses.pulse, name="pulse"),
    path("people/<uuid:pulse_id>/open/", pulses.open_pulse, name="open_pulse"),
    path("people/<uuid:pulse_id>/close/", pulses.close_pulse, name="close_pulse"),
    path("people/<uuid:pulse_id>/codes/", pulses.make_pulse_codes, name="make_pulse_codes"),
    path("reach/", reach.reach, name="reach"),
    path("experiments/", experiments.experiments, name="experiments"),
    path("experiments/new/", experiments.plan_experiment, name="plan_experiment"),
    path("experiments/<uuid:experiment_id>/", experiments.experiment, name="experiment"),
    path(
        "experiments/<uuid:experiment_id>/preregister/",
        experiments.preregister_experiment, name="preregister_experiment",
    ),
    path(
        "experiments/<uuid:experiment_id>/conclude/",
        experiments.conclude_experiment, name="conclude_experiment",
    ),
    path(
        "experiments/<uuid:experiment_id>/call_off/",
        experiments.call_off_experiment, name="call_off_experiment",
    ),
]  # fmt: skip
