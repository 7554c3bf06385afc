"""Writing without a network: the page a phone keeps, its worker, and where it all arrives."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from commonground.agency.http import DeskRequest
from commonground.agency.models import Member
from commonground.say import actions
from commonground.say.forms.pocket import KeptForm
from commonground.say.models import Post

WORKER = Path(__file__).parents[1] / "static/say/pocket_worker.js"


@login_required
@require_safe
def pocket(request: DeskRequest) -> HttpResponse:
    """What is kept on this device. The same for everybody: a cache holds it."""
    return render(request, "say/pocket.html")


@login_required
@require_safe
def worker(request: DeskRequest) -> HttpResponse:
    """It answers for the pages of SAY, so it lies among them. A new build has a new name."""
    shell = [reverse("say:pocket")]
    shell += [static(name) for name in ("kit/look.css", "say/say.css", "say/pocket.js")]
    code, kept = WORKER.read_text(), json.dumps(shell)
    build = sha256((kept + code + request.LANGUAGE_CODE).encode()).hexdigest()[:16]
    head = f'const SHELL = {kept}, NAME = "commonground-shell-{build}";\n'
    answer = HttpResponse(head + code, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@login_required
@require_GET
@never_cache
def token(request: DeskRequest) -> JsonResponse:
    """Who is signed in, under a name that says nothing, and what a form of theirs needs."""
    return JsonResponse({"token": get_token(request), "owner": owner_of(request.user)})


def owner_of(member: Member) -> str:
    return sha256(f"pocket {member.pk}".encode()).hexdigest()[:16]


@login_required
@require_POST
def begin(request: DeskRequest) -> HttpResponse:
    """A draft of what was written without a network; sent twice, it is the same draft."""
    form = KeptForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    key, words = form.cleaned_data["key"], form.words()
    post = Post.objects.filter(pk=key).first()
    if post is None:
        post = actions.begin_kept(key, words, by=request.user)
    return redirect("say:write", theirs(post, request.user).pk)


def theirs(post: Post, member: Member) -> Post:
    if post.author_id != member.pk:
        raise Http404
    return post
