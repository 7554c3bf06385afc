"""Whether an answer helped: one question, no cookie, no script, no account."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commonground.agency.http import is_here
from commonground.answer import actions
from commonground.answer.models import Asked, Helped
from commonground.public.views import show
from commonground.public.views.letters import must_be_our_page


@csrf_exempt  # a token would need a cookie: see from_our_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def helped(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it says nothing: programs that look into letters open links too."""
    found = Asked.objects.behind(token).select_related("agency").first()
    if found is None or not is_here(request, found.agency):
        raise Http404
    said = request.POST.get("said", "")
    if request.method == "POST":
        must_be_our_page(request)
        if said in Helped.values and found.is_open:
            actions.say_how(found, said=Helped(said))
            return redirect("public:helped", token=token)
    status = 422 if request.method == "POST" and found.is_open else 200
    answer = show(
        request, found.agency, "helped", status=status, asked=found, choices=Helped.choices
    )
    # The address is the key: it goes to nobody else.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
