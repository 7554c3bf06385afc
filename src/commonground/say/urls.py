from django.urls import path

from commonground.say import actions, feeds, panels
from commonground.say.views import calendar, pictures, policy, posts, reading, templates

app_name = "say"

urlpatterns = [
    path("", posts.posts, name="posts"),
    path("new", posts.new, name="new"),
    path("waiting", reading.waiting, name="waiting"),
    path("rules", policy.review_rules, name="review_rules"),
    path("rules/new", policy.new, name="new_review_rule"),
    path("rules/<uuid:rule_id>", policy.change, name="review_rule"),
    path("rules/<uuid:rule_id>/drop", policy.drop, name="drop_review_rule"),
    path("rules/<uuid:rule_id>/first", policy.first, name="put_review_rule_first"),
    path("templates", templates.templates, name="templates"),
    path("templates/new", templates.new, name="new_template"),
    path("templates/<uuid:template_id>", templates.change, name="template"),
    path("templates/<uuid:template_id>/remove", templates.remove, name="remove_template"),
    path("templates/<uuid:template_id>/start", templates.start, name="start"),
    path("calendar", calendar.calendar, name="calendar"),
    path("calendar/key", calendar.make_key, name="make_calendar_key"),
    path("calendar/key/end", calendar.end_key, name="end_calendar_key"),
    path("calendar/<str:token>.ics", feeds.calendar_file, name="calendar_file"),
    path("waiting/panel", panels.waiting_panel, name="waiting_panel"),
    path("about/<uuid:moment_id>", panels.moment_panel, name="moment_panel"),
    path("about/<uuid:moment_id>/hold", posts.hold_several, name="hold_several"),
    path("queue/panel", panels.queue_panel, name="queue_panel"),
    path("<uuid:post_id>/", posts.show, name="post"),
    path("<uuid:post_id>/life", posts.life, name="life"),
    path("<uuid:post_id>/write", posts.write, name="write"),
    path("<uuid:post_id>/pictures", posts.add_picture, name="add_picture"),
    path("<uuid:post_id>/pictures/<int:picture_id>", posts.picture, name="picture"),
    path(
        "<uuid:post_id>/pictures/<int:picture_id>/remove",
        posts.remove_picture,
        name="remove_picture",
    ),
    path("<uuid:post_id>/pictures/<int:picture_id>/cover", pictures.cover, name="cover_picture"),
    path(
        "<uuid:post_id>/pictures/<int:picture_id>/uncovered", pictures.uncovered, name="uncovered"
    ),
    path("<uuid:post_id>/approve", reading.approve, name="approve"),
    path("<uuid:post_id>/send_back", reading.decide, {"verb": "send_back"}, name="send_back"),
    path("<uuid:post_id>/override", reading.decide, {"verb": "override"}, name="override"),
    path("<uuid:post_id>/break_glass", reading.break_glass, name="break_glass"),
    path("glass/<uuid:glass_id>/review_glass", reading.review_glass, name="review_glass"),
    path("<uuid:post_id>/hold", posts.hold, name="hold"),
    path("<uuid:post_id>/release", posts.act, {"transition": actions.release}, name="release"),
    path("<uuid:post_id>/reject", reading.decide, {"verb": "reject"}, name="reject"),
    path("<uuid:post_id>/withdraw", reading.decide, {"verb": "withdraw"}, name="withdraw"),
    path("<uuid:post_id>/correct", posts.correct, name="correct"),
    path("<uuid:post_id>/submit", posts.act, {"transition": actions.submit}, name="submit"),
    path("<uuid:post_id>/recall", posts.act, {"transition": actions.recall}, name="recall"),
    path("<uuid:post_id>/retry", posts.act, {"transition": actions.retry}, name="retry"),
    path("<uuid:post_id>/drop", posts.act, {"transition": actions.drop}, name="drop"),
    path("restart/<uuid:restart_id>/note_restart", posts.note_restart, name="note_restart"),
    path(
        "delivery/<uuid:delivery_id>/acknowledge",
        posts.settle,
        {"transition": actions.acknowledge},
        name="acknowledge",
    ),
    path(
        "delivery/<uuid:delivery_id>/confirm",
        posts.settle,
        {"transition": actions.confirm},
        name="confirm",
    ),
    path(
        "delivery/<uuid:delivery_id>/rule_out",
        posts.settle,
        {"transition": actions.rule_out},
        name="rule_out",
    ),
]
