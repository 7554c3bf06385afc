"""What people said of our answers, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from commonground.agency.models import Agency
from commonground.answer.models.after import Asked, Helped

FEWEST = 5  # of fewer nobody is told what they said: the answers could be led back to people


@dataclass(frozen=True, slots=True)
class Figures:
    """How many were asked, how many said something, and what; None where too few did."""

    asked: int
    answered: int
    said: dict[str, int] | None

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [(str(Helped(name).label), n) for name, n in (self.said or {}).items()]


def whether_it_helped(agency: Agency, since: datetime, until: datetime | None = None) -> Figures:
    """Of what was asked since then, and until then if an end is given."""
    ours = Asked.objects.filter(agency=agency, asked_at__gte=since)
    ours = ours.filter(asked_at__lte=until) if until else ours
    found = dict(ours.values_list("said").annotate(n=Count("pk")).order_by())
    said = {name: found.get(name, 0) for name in Helped.values}
    answered = sum(said.values())
    return Figures(sum(found.values()), answered, said if answered >= FEWEST else None)
