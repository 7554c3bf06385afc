"""Addresses of what the news carried and got wrong, of looking back, and of people's trust."""

from django.urls import path

from commonground.learn.views import (
    coverage,
    experiments,
    figures,
    mistakes,
    news,
    pulses,
    reach,
    reports,
)

app_name = "learn"
urlpatterns = [
    path("", coverage.coverages, name="coverages"),
    path("moment/<uuid:moment_id>/", coverage.follow_moment, name="follow_moment"),
    path("campaign/<uuid:campaign_id>/", coverage.follow_campaign, name="follow_campaign"),
    path("together/<uuid:moment_id>/", figures.figures, name="figures"),
    path("outlets/", news.outlets, name="outlets"),
    path("outlets/new/", news.new_outlet, name="new_outlet"),
    path("outlets/<uuid:outlet_id>/", news.outlet, name="outlet"),
    path("outlets/<uuid:outlet_id>/change/", news.change_outlet, name="change_outlet"),
    path("outlets/<uuid:outlet_id>/switch/", news.switch_outlet, name="switch_outlet"),
    path("mistakes/", mistakes.mistakes, name="mistakes"),
    path("mistakes/<uuid:mistake_id>/", mistakes.mistake, name="mistake"),
    *(
        path(f"mistakes/<uuid:mistake_id>/{name}/", mistakes.step, {"name": name}, name=name)
        for name in mistakes.STEPS
    ),
    path(
        "mistakes/<uuid:mistake_id>/take_up_mistake/", mistakes.take_up_mistake,
        name="take_up_mistake",
    ),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:moment_id>/", reports.report, name="report"),
    path("reports/<uuid:moment_id>/pdf/", reports.report_pdf, name="report_pdf"),
    path("reports/<uuid:moment_id>/write/", reports.look_back, name="look_back"),
    path("reports/<uuid:moment_id>/freeze/", reports.freeze_report, name="freeze_report"),
    path("reports/frozen/<uuid:report_id>/", reports.frozen_report, name="frozen_report"),
    path(
        "reports/frozen/<uuid:report_id>/pdf/", reports.frozen_report_pdf,
        name="frozen_report_pdf",
    ),
    path("<uuid:coverage_id>/", coverage.coverage, name="coverage"),
    path("<uuid:coverage_id>/messages/", coverage.change_messages, name="change_messages"),
    path("<uuid:coverage_id>/add_article/", coverage.add_article, name="add_article"),
    path("<uuid:coverage_id>/<int:place>/go_direct/", news.go_direct, name="go_direct"),
    path("article/<uuid:article_id>/", coverage.article, name="article"),
    path("article/<uuid:article_id>/set_aside/", news.set_aside, name="set_aside"),
    path("article/<uuid:article_id>/put_back/", news.put_back, name="put_back"),
    path("article/<uuid:article_id>/wrong/", mistakes.mark_wrong, name="mark_wrong"),
    path(
        "article/<uuid:article_id>/<int:place>/judge_reading/",
        coverage.judge_reading, name="judge_reading",
    ),
    path("people/", pulses.pulses, name="pulses"),
    path("people/census/", pulses.bring_census, name="bring_census"),
    path("people/new/", pulses.draft_pulse, name="draft_pulse"),
    path("people/<uuid:pulse_id>/", pulses.pulse, name="pulse"),
    path("people/<uuid:pulse_id>/open/", pulses.open_pulse, name="open_pulse"),
    path("people/<uuid:pulse_id>/drop/", pulses.drop_pulse, name="drop_pulse"),
    path("people/<uuid:pulse_id>/take_up/", pulses.take_up_pulse, name="take_up_pulse"),
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
        "experiments/<uuid:experiment_id>/drop/",
        experiments.drop_experiment, name="drop_experiment",
    ),
    path(
        "experiments/<uuid:experiment_id>/take_up/",
        experiments.take_up_experiment, name="take_up_experiment",
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
