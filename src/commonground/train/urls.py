"""Addresses of courses, certificates and drills."""

from django.urls import path

from commonground.train import views
from commonground.train.views import badges, drills, first, real, recordings

app_name = "train"
urlpatterns = [
    path("", views.train, name="train"),
    path("first/", first.first, name="first"),
    path("first/panel/", first.first_panel, name="first_panel"),
    path("first/begin/", first.first_begin, name="first_begin"),
    path("first/enter/", first.first_enter, name="first_enter"),
    path("first/leave/", first.first_leave, name="first_leave"),
    path("first/finish/", first.first_finish, name="first_finish"),
    path("real/", real.real, name="real"),
    path("real/others/", real.leave_to_others, name="leave_to_others"),
    path("courses/<slug:course>/", views.course, name="course"),
    path("courses/<slug:course>/begin/", views.begin, name="begin"),
    path("courses/<slug:course>/lessons/<slug:lesson>/", views.lesson, name="lesson"),
    path("recordings/new/", recordings.add_recording, name="add_recording"),
    path("recordings/<uuid:recording_id>/", recordings.recording, name="recording"),
    path(
        "recordings/<uuid:recording_id>/remove/",
        recordings.remove_recording,
        name="remove_recording",
    ),
    path("drills/begin/<slug:plan>/", drills.begin_drill, name="begin_drill"),
    path("drills/<uuid:drill_id>/", drills.drill, name="drill"),
    path("drills/<uuid:drill_id>/pause/", drills.act, {"verb": "pause"}, name="pause"),
    path("drills/<uuid:drill_id>/resume/", drills.act, {"verb": "resume"}, name="resume"),
    path("drills/<uuid:drill_id>/end/", drills.end, name="end"),
    path("drills/<uuid:drill_id>/speed/", drills.set_speed, name="set_speed"),
    path("drills/<uuid:drill_id>/inject/", drills.inject, name="inject"),
    path("certificates/<int:certificate_id>/badge/", badges.badge, name="badge"),
    path("badges/<slug:agency>/", badges.issuer, name="badges"),
    path("badges/<slug:agency>/revoked", badges.revoked, name="revoked"),
    path("sittings/<uuid:sitting_id>/", views.sitting, name="sitting"),
    path("sittings/<uuid:sitting_id>/certify/", views.certify, name="certify"),
]
