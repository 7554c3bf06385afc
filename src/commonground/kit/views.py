"""The frame's own pages: the first one, and how to use the desk."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def now(request: HttpRequest) -> HttpResponse:
    """What is rising, and what waits. Visitors who are not on the desk get the newsroom."""
    if not request.user.is_authenticated:
        return redirect("public:newsroom")
    return render(request, "kit/now.html")


@login_required
def desk_help(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/desk_help.html")
