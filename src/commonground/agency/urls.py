"""Addresses of the agency's people."""

from django.urls import path

from commonground.agency import views

app_name = "agency"
urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/invite/", views.invite, name="invite"),
    path("members/<uuid:member_id>/", views.member, name="member"),
    path("members/<uuid:member_id>/away/", views.away, name="away"),
    path("members/<uuid:member_id>/same/", views.same_person, name="same_person"),
    path("absences/<int:absence_id>/back/", views.back, name="back"),
    path("members/<uuid:member_id>/suspend/", views.suspend, name="suspend"),
    path("members/<uuid:member_id>/readmit/", views.readmit, name="readmit"),
    path("members/<uuid:member_id>/award/", views.award, name="award"),
    path("certificates/<int:certificate_id>/revoke/", views.revoke, name="revoke"),
    path("members/<uuid:member_id>/link/", views.link_again, name="link_again"),
]
