"""What came through, over articles, outlets and messages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from commonground.agency.models import Agency
from commonground.learn.models import Answer, Article, Coverage, Reading
from commonground.say.models import Campaign
from commonground.spot.models import Moment

LOW = 0.5  # of the articles: carried by fewer, a message has to go by our own channels
SHOWN = 8  # moments and campaigns that could be followed


def coverages(agency: Agency) -> QuerySet[Coverage]:
    rows = Coverage.objects.filter(agency=agency).select_related("moment", "campaign")
    return rows.annotate(many=Count("articles"))


def not_followed(agency: Agency) -> tuple[list[Moment], list[Campaign]]:
    """The newest moments and campaigns whose news nobody follows."""
    moments = agency.moments.filter(coverage=None)[:SHOWN]
    return list(moments), list(agency.campaigns.filter(coverage=None)[:SHOWN])


def our_coverage(agency: Agency, coverage_id: UUID) -> Coverage | None:
    return coverages(agency).filter(pk=coverage_id).first()


def our_article(agency: Agency, article_id: UUID) -> Article | None:
    rows = Article.objects.filter(coverage__agency=agency, pk=article_id)
    return rows.select_related(
        "coverage__moment", "coverage__campaign", "added_by"
    ).first()  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A message: in how many articles it came through, was touched, is in doubt. cells: by
    article, what it did."""

    message: str
    cells: tuple[Reading, ...]

    def count(self, answer: Answer | None) -> int:
        return sum(cell.answer is answer for cell in self.cells)

    @property
    def carried(self) -> int:
        return self.count(Answer.CARRIED)

    @property
    def touched(self) -> int:
        return self.count(Answer.TOUCHED)

    @property
    def open(self) -> int:
        return self.count(None)

    @property
    def low(self) -> bool:
        """Whether too few carried it, even if all that is in doubt did."""
        return bool(self.cells) and (self.carried + self.open) / len(self.cells) < LOW


@dataclass(frozen=True)
class Table:
    articles: tuple[Article, ...]
    lines: tuple[Line, ...]

    @property
    def low(self) -> list[Line]:
        return [line for line in self.lines if line.low]

    @property
    def wrong(self) -> list[Reading]:
        """Articles that print another figure than the message."""
        return [cell for line in self.lines for cell in line.cells if cell.otherwise]


def table_of(coverage: Coverage) -> Table:
    articles = list(coverage.articles.prefetch_related("readings__judged_by"))
    rows = [list(article.readings.all()) for article in articles]
    for article, readings in zip(articles, rows, strict=True):
        for reading in readings:
            reading.article = article
    lines = (
        Line(message, tuple(readings[place] for readings in rows))
        for place, message in enumerate(coverage.messages)
    )
    return Table(tuple(articles), tuple(lines))
