"""Addresses of the agency's people."""

from django.urls import path

from commonground.agency import views
from commonground.agency.views import beginning, elsewhere, first_drill, own, recovering, sheets

app_name = "agency"
urlpatterns = [
    path("about/", beginning.about, name="about"),
    path("setup/", beginning.setup, name="setup"),
    path("setup/panel/", beginning.setup_panel, name="setup_panel"),
    path("import/accounts/", sheets.bring, {"kind": "accounts"}, name="bring_accounts"),
    path(
        "import/accounts/template/",
        sheets.template,
        {"kind": "accounts"},
        name="template_of_accounts",
    ),
    path("import/resources/", sheets.bring, {"kind": "resources"}, name="bring_resources"),
    path(
        "import/resources/template/",
        sheets.template,
        {"kind": "resources"},
        name="template_of_resources",
    ),
    path("sheets/<uuid:sheet_id>/", sheets.sheet, name="sheet"),
    path("sheets/<uuid:sheet_id>/take/", sheets.take, name="take_sheet"),
    path("sheets/<uuid:sheet_id>/undo/", sheets.undo, name="undo_sheet"),
    path("sheets/<uuid:sheet_id>/drop/", sheets.drop, name="drop_sheet"),
    path("tour/", beginning.tour, name="tour"),
    path("tour/panel/", beginning.tour_panel, name="tour_panel"),
    path("tour/end/", beginning.end_tour, name="end_tour"),
    path("tour/begin/", beginning.begin_tour, name="begin_tour"),
    path("members/", views.members, name="members"),
    path("members/invite/", views.invite, name="invite"),
    path("members/<uuid:member_id>/", views.member, name="member"),
    path("members/<uuid:member_id>/away/", views.away, name="away"),
    path("members/<uuid:member_id>/same/", views.same_person, name="same_person"),
    path("absences/<int:absence_id>/back/", views.back, name="back"),
    path("members/<uuid:member_id>/suspend/", views.suspend, name="suspend"),
    path("members/<uuid:member_id>/readmit/", views.readmit, name="readmit"),
    path("members/<uuid:member_id>/drill/", first_drill.lift, name="lift_first_drill"),
    path("members/<uuid:member_id>/award/", views.award, name="award"),
    path("certificates/<int:certificate_id>/revoke/", views.revoke, name="revoke"),
    path("members/<uuid:member_id>/link/", views.link_again, name="link_again"),
    path("members/<uuid:member_id>/recover/", recovering.ask, name="ask_to_recover"),
    path("recoveries/<int:recovery_id>/agree/", recovering.agree, name="agree_to_recover"),
    path("recoveries/<int:recovery_id>/off/", recovering.call_off, name="call_off_recovery"),
    path("recoveries/<int:recovery_id>/open/", recovering.carry_out, name="recover"),
    path("proofs/days/", views.set_days_for_factors, name="set_days_for_factors"),
    path("me/", own.ways_in, name="ways_in"),
    path("me/browsers/<int:browser_id>/end/", own.my_browser_end, name="my_browser_end"),
    path("me/browsers/end/", own.my_others_end, name="my_others_end"),
    path("me/recovery/off/", own.my_recovery_off, name="my_recovery_off"),
    path("me/elsewhere/", elsewhere.my_elsewhere, name="my_elsewhere"),
    path("me/elsewhere/end/", elsewhere.my_elsewhere_end, name="my_elsewhere_end"),
    path("elsewhere/", elsewhere.elsewhere, name="elsewhere"),
    path("elsewhere/back/", elsewhere.back, name="come_back"),
    path("me/act/", own.my_act, name="my_act"),
]
