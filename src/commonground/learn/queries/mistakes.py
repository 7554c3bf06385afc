"""What the news got wrong, over outlets and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import UUID

from django.db.models import Case, Count, QuerySet, Value, When

from commonground.agency.models import Agency
from commonground.learn.models import Article, Mistake
from commonground.learn.models.mistakes import MistakeQuerySet
from commonground.learn.states import MistakeState

# In the order in which a person should look at them.
ORDER = (
    MistakeState.SUSPECTED, MistakeState.CONFIRMED, MistakeState.ASKED, MistakeState.REFUSED,
    MistakeState.CORRECTED, MistakeState.CLEARED,
)  # fmt: skip
SHOWN = 200


def mistakes(agency: Agency) -> MistakeQuerySet:
    """Without those of articles that turned out to be about something else."""
    return Mistake.objects.filter(agency=agency, article__set_aside_at=None)


def mistakes_to_show(agency: Agency) -> QuerySet[Mistake]:
    """Those that need one of us first; the newest of each kind first."""
    place = Case(*(When(state=s.value, then=Value(n)) for n, s in enumerate(ORDER)))
    rows = mistakes(agency).select_related("article__coverage").annotate(place=place)
    return rows.order_by("place", "due_on", "-found_at")[:SHOWN]


def our_mistake(agency: Agency, mistake_id: UUID) -> Mistake | None:
    rows = Mistake.objects.filter(agency=agency, pk=mistake_id)
    return rows.select_related(
        "article__coverage__moment", "article__coverage__campaign", "article__printed__outlet",
        "found_by",
    ).first()  # fmt: skip


def asked_before(mistake: Mistake) -> str:
    """Whom we ask at this outlet: as its administrator wrote down, else as somebody did last."""
    if mistake.article.printed and mistake.article.printed.outlet.corrections_to:
        return mistake.article.printed.outlet.corrections_to
    named = mistake.agency.outlets.filter(name=mistake.article.outlet).exclude(corrections_to="")
    if outlet := named.first():
        return outlet.corrections_to
    same = mistakes(mistake.agency).filter(article__outlet=mistake.article.outlet)
    last = same.exclude(asked_of="").order_by("-asked_at").first()
    return last.asked_of if last else ""


@dataclass(frozen=True, slots=True)
class OfOutlet:
    """An outlet's articles and the mistakes in them. took: from asking to correction, in the
    middle; None where nothing was corrected that we had asked for."""

    outlet: str
    articles: int
    wrong: int
    asked: int
    corrected: int
    refused: int
    took: timedelta | None


def by_outlet(agency: Agency) -> list[OfOutlet]:
    """Outlets with a mistake that is one, the most first."""
    ours = Article.objects.that_count().filter(coverage__agency=agency)
    wrote = dict(ours.values_list("outlet").annotate(n=Count("pk")).order_by())
    held: dict[str, list[Mistake]] = {}
    for one in mistakes(agency).real().select_related("article"):
        held.setdefault(one.article.outlet, []).append(one)
    rows = [outlet_told(name, wrote.get(name, 0), found) for name, found in held.items()]
    return sorted(rows, key=lambda row: (-row.wrong, row.outlet))


def outlet_told(name: str, articles: int, found: Sequence[Mistake]) -> OfOutlet:
    took = [
        (one.corrected_at - one.asked_at).total_seconds()
        for one in found
        if one.corrected_at and one.asked_at
    ]
    return OfOutlet(
        name, articles, len(found), sum(one.asked_at is not None for one in found),
        sum(one.state == MistakeState.CORRECTED for one in found),
        sum(one.state == MistakeState.REFUSED for one in found),
        timedelta(seconds=median(took)) if took else None,
    )  # fmt: skip
