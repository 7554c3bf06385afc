from django.urls import path

from commonground.say import actions, panels, views

app_name = "say"

urlpatterns = [
    path("", views.posts, name="posts"),
    path("new", views.new, name="new"),
    path("waiting", views.waiting, name="waiting"),
    path("calendar", views.calendar, name="calendar"),
    path("waiting/panel", panels.waiting_panel, name="waiting_panel"),
    path("about/<uuid:moment_id>", panels.moment_panel, name="moment_panel"),
    path("about/<uuid:moment_id>/hold", views.hold_several, name="hold_several"),
    path("queue/panel", panels.queue_panel, name="queue_panel"),
    path("<uuid:post_id>/", views.show, name="post"),
    path("<uuid:post_id>/life", views.life, name="life"),
    path("<uuid:post_id>/write", views.write, name="write"),
    path("<uuid:post_id>/pictures", views.add_picture, name="add_picture"),
    path("<uuid:post_id>/pictures/<int:picture_id>", views.picture, name="picture"),
    path(
        "<uuid:post_id>/pictures/<int:picture_id>/remove",
        views.remove_picture,
        name="remove_picture",
    ),
    path("<uuid:post_id>/approve", views.approve, name="approve"),
    path("<uuid:post_id>/send_back", views.decide, {"verb": "send_back"}, name="send_back"),
    path("<uuid:post_id>/override", views.decide, {"verb": "override"}, name="override"),
    path("<uuid:post_id>/break_glass", views.break_glass, name="break_glass"),
    path("glass/<uuid:glass_id>/review_glass", views.review_glass, name="review_glass"),
    path("<uuid:post_id>/hold", views.hold, name="hold"),
    path("<uuid:post_id>/release", views.act, {"transition": actions.release}, name="release"),
    path("<uuid:post_id>/reject", views.decide, {"verb": "reject"}, name="reject"),
    path("<uuid:post_id>/withdraw", views.decide, {"verb": "withdraw"}, name="withdraw"),
    path("<uuid:post_id>/submit", views.act, {"transition": actions.submit}, name="submit"),
    path("<uuid:post_id>/recall", views.act, {"transition": actions.recall}, name="recall"),
    path("<uuid:post_id>/retry", views.act, {"transition": actions.retry}, name="retry"),
    path("<uuid:post_id>/drop", views.act, {"transition": actions.drop}, name="drop"),
    path("restart/<uuid:restart_id>/note_restart", views.note_restart, name="note_restart"),
    path(
        "delivery/<uuid:delivery_id>/acknowledge",
        views.settle,
        {"transition": actions.acknowledge},
        name="acknowledge",
    ),
    path(
        "delivery/<uuid:delivery_id>/confirm",
        views.settle,
        {"transition": actions.confirm},
        name="confirm",
    ),
    path(
        "delivery/<uuid:delivery_id>/rule_out",
        views.settle,
        {"transition": actions.rule_out},
        name="rule_out",
    ),
]
