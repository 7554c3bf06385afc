"""Addresses of the record."""

from django.urls import path

from commonground.record import views
from commonground.record.views import keeping

app_name = "record"
urlpatterns = [
    path("", views.record, name="record"),
    path("integrity/", views.integrity_panel, name="integrity_panel"),
    path("keeping/", keeping.keeping, name="keeping"),
    path("keeping/<int:retention_id>/", keeping.change_retention, name="change_retention"),
    path("keeping/hold/", keeping.keep, name="keep"),
    path("keeping/hold/<int:legal_hold_id>/agree/", keeping.agree_to_keep, name="agree_to_keep"),
    path("keeping/hold/<int:legal_hold_id>/let-go/", keeping.let_go, name="let_go"),
    path(
        "keeping/hold/<int:legal_hold_id>/let-go/agree/",
        keeping.agree_to_let_go,
        name="agree_to_let_go",
    ),
    path("keeping/dispose/", keeping.dispose, name="dispose"),
    path("keeping/erase/", keeping.erase, name="erase"),
    path("live/", views.live, name="live"),
]
