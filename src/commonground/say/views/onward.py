"""Where a button of the form of the words leads, once they are saved."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonground.agency.http import DeskRequest
from commonground.say import actions
from commonground.say.forms.versions import AddVersionForm
from commonground.say.models import Post

PAGES_OF_ONE = {"cover": "say:cover_picture", "version": "say:version"}


def begin_version(request: DeskRequest, post: Post) -> HttpResponse:
    """The button stands in the form of the words: what was typed is kept already."""
    form = AddVersionForm(request.POST, post=post)
    if not form.is_valid():
        return redirect(reverse("say:write", args=[post.pk]) + "#versions")
    language, area = form.cleaned_data["version"]
    return redirect(actions.add_version(post, language=language, area=area, by=request.user))


def onward(request: DeskRequest, post: Post, then: str) -> HttpResponse:
    """Where the button leads that saved the words."""
    if then == "submit":
        return redirect(actions.submit(post, by=request.user))
    if then == "help":
        return redirect("say:help", post.pk)
    what, _dash, number = then.partition("-")
    if what in PAGES_OF_ONE and number.isdecimal():
        return redirect(PAGES_OF_ONE[what], post.pk, int(number))
    if then == "add_version":
        return begin_version(request, post)
    return redirect("say:write", post.pk)
