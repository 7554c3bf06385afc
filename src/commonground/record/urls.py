"""Addresses of the record."""

from django.urls import path

from commonground.record import views
from commonground.record.views import gaps, inquiries, keeping, reconciling

app_name = "record"
urlpatterns = [
    path("", views.record, name="record"),
    path("integrity/", views.integrity_panel, name="integrity_panel"),
    path("gaps/", gaps.gaps, name="gaps"),
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
    path("requests/", inquiries.inquiries, name="inquiries"),
    path("requests/new/", inquiries.register, name="register"),
    path("requests/<uuid:inquiry_id>/", inquiries.inquiry, name="inquiry"),
    path("requests/<uuid:inquiry_id>/extend/", inquiries.extend, name="extend"),
    path("requests/<uuid:inquiry_id>/take_over/", inquiries.take_over, name="take_over"),
    path("requests/<uuid:inquiry_id>/search/", inquiries.search, name="search"),
    path("requests/<uuid:inquiry_id>/keep_back/", inquiries.keep_back, name="keep_back"),
    path("requests/<uuid:inquiry_id>/prepare/", inquiries.prepare, name="prepare"),
    path("requests/<uuid:inquiry_id>/send_back/", inquiries.send_back, name="send_back"),
    path("requests/<uuid:inquiry_id>/let_out/", inquiries.let_out, name="let_out"),
    path("requests/<uuid:inquiry_id>/close/", inquiries.close, name="close"),
    path("requests/<uuid:inquiry_id>/fetch/", inquiries.fetch, name="fetch"),
    path("reconcile/", reconciling.reconcile, name="reconcile"),
    path(
        "reconcile/<int:reconciliation_id>/agree/",
        reconciling.agree_to_reconcile,
        name="agree_to_reconcile",
    ),
    path("live/", views.live, name="live"),
]
