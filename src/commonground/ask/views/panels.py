"""How groups would take a draft: a panel for the page on which it is written."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from commonground.agency.http import DeskRequest
from commonground.ask import queries
from commonground.say.models import Post


@login_required
@require_GET
def bridging_panel(request: DeskRequest, post_id: UUID) -> HttpResponse:
    """What each group of the newest question said to statements like this draft's sentences."""
    post = get_object_or_404(Post, pk=post_id, agency=request.user.agency)
    context = {"post": post, **queries.bridging_of(request.user.agency, post.text)}
    return render(request, f"ask/bridging.html{'#panel' if request.htmx else ''}", context)
