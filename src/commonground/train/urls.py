"""Addresses of courses, certificates and drills."""

from django.urls import path

from commonground.train import views
from commonground.train.views import badges, drills

app_name = "train"
urlpatterns = [
    path("", views.train, name="train"),
    path("courses/<slug:course>/", views.course, name="course"),
    path("courses/<slug:course>/begin/", views.begin, name="begin"),
    path("courses/<slug:course>/lessons/<slug:lesson>/", views.lesson, name="lesson"),
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
