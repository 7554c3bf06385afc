"""You said, we did: what came of what people said."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from commonground.answer.models import Deed
from commonground.ask.models import Question
from commonground.ask.states import State as QuestionState
from commonground.kit.paging import by_time
from commonground.public import queries
from commonground.public.views import show

SHOWN = 20


@require_safe
def deeds(request: HttpRequest) -> HttpResponse:
    """The latest first; what was taken back leaves a line, and the reason."""
    agency = queries.the_agency(request)
    rows = Deed.objects.ever_public().filter(agency=agency)
    rows = rows.annotate(many=Count("conversations"))
    page = by_time(rows, "since", request.GET.get("before", ""), SHOWN)
    words = [one.question for one in page.rows if one.question]
    asked = Question.objects.filter(agency=agency, word__in=words)
    asked = asked.exclude(state=QuestionState.DRAFT)
    return show(
        request, agency, "deeds", page=page, questions={one.word: one.title for one in asked}
    )
