"""Addresses of courses and certificates."""

from django.urls import path

from commonground.train import views
from commonground.train.views import badges

app_name = "train"
urlpatterns = [
    path("", views.train, name="train"),
    path("courses/<slug:course>/", views.course, name="course"),
    path("courses/<slug:course>/begin/", views.begin, name="begin"),
    path("courses/<slug:course>/lessons/<slug:lesson>/", views.lesson, name="lesson"),
    path("certificates/<int:certificate_id>/badge/", badges.badge, name="badge"),
    path("badges/<slug:agency>/", badges.issuer, name="badges"),
    path("badges/<slug:agency>/revoked", badges.revoked, name="revoked"),
    path("sittings/<uuid:sitting_id>/", views.sitting, name="sitting"),
    path("sittings/<uuid:sitting_id>/certify/", views.certify, name="certify"),
]
