"""The frame's own pages: the first one, and how to use the desk."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from commonground.kit.forms import typed_in


def now(request: HttpRequest) -> HttpResponse:
    """What is rising, and what waits. Visitors who are not on the desk get the newsroom."""
    if not request.user.is_authenticated:
        return redirect("public:newsroom")
    return render(request, "kit/now.html")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is no longer good. Its words are given back, but to our own pages only:
    another site must not make ours say what it likes."""
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    typed = typed_in(request) if ours else []
    return render(request, "403_csrf.html", {"typed": typed}, status=403)


@login_required
def desk_help(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/desk_help.html")
