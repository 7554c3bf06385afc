"""Addresses of ASK: the desk's under ask/desk/, and those anybody may open, short for a poster."""

from django.urls import include, path

from commonground.ask import actions
from commonground.ask.views import desk, moderating, open, panels

THIS = "<uuid:question_id>/"
desk_side = [
    path("", desk.questions, name="questions"),
    path("new/", desk.new, name="new"),
    path(THIS, desk.question, name="question"),
    path(f"{THIS}write/", desk.write, name="write"),
    path(f"{THIS}open/", desk.open_it, name="open"),
    path(f"{THIS}pause/", desk.pause, name="pause"),
    path(f"{THIS}resume/", desk.act, {"transition": actions.resume}, name="resume"),
    path(f"{THIS}close/", desk.act, {"transition": actions.close}, name="close"),
    path(f"{THIS}publish/", desk.publish, name="publish"),
    path(f"{THIS}tell/", desk.tell, name="tell"),
    path(f"{THIS}codes/", desk.codes, name="codes"),
    path(f"{THIS}moderate/", desk.moderate, name="moderate"),
    path(f"{THIS}add/", moderating.add_statement, name="add_statement"),
    path(f"{THIS}hall/", desk.hall, name="hall"),
    path(f"{THIS}hall/now/", desk.hall_now, name="hall_now"),
    path(f"{THIS}results.csv", desk.results, name="results"),
    path("statements/<uuid:statement_id>/", moderating.statement, name="statement"),
    path("statements/<uuid:statement_id>/accept/", moderating.accept, name="accept"),
    path("statements/<uuid:statement_id>/refuse/", moderating.refuse, name="refuse"),
    path("statements/<uuid:statement_id>/merge/", moderating.merge, name="merge"),
    path("statements/<uuid:statement_id>/reopen/", moderating.reopen, name="reopen"),
    path("statements/<uuid:statement_id>/translate/", moderating.translate, name="translate"),
    path("translations/<uuid:translation_id>/vouch/", moderating.vouch, name="vouch"),
    path("bridging/<uuid:post_id>/", panels.bridging_panel, name="bridging_panel"),
]
THAT = "<slug:word>/"
open_side = [
    path("", open.questions, name="questions"),
    path(THAT, open.question, name="question"),
    path(f"{THAT}vote/", open.vote, name="vote"),
    path(f"{THAT}say/", open.say, name="say"),
    path(f"{THAT}you/", open.about_you, name="about_you"),
    path(f"{THAT}meet/", open.meet, name="meet"),
    path(f"{THAT}code/", open.code, name="code"),
    path(f"{THAT}address/", open.address, name="address"),
    path(f"{THAT}confirm/", open.confirm, name="confirm"),
    path(f"{THAT}log/", open.log, name="log"),
    path(f"{THAT}receipt/", open.receipt, name="receipt"),
    path(f"{THAT}receipt.json", open.receipt_file, name="receipt_file"),
    path(f"{THAT}seals.json", open.seals, name="seals"),
    path(f"{THAT}qr.svg", open.qr_code, name="qr"),
]
urlpatterns = [
    path("desk/", include((desk_side, "ask"))),
    path("", include((open_side, "asked"))),
]
