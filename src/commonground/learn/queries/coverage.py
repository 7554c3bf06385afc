"""What came through, over articles, outlets and messages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from commonground.agency.models import Agency
from commonground.learn.models import Answer, Article, Coverage, Mistake, Reading
from commonground.learn.states import MistakeState
from commonground.say.models import Campaign
from commonground.spot.models import Moment

# Of the outlets that wrote of it: where fewer carried a message in any of their articles, most of
# their readers never met it, and it has to go by our own channels. An outlet with ten articles is
# one outlet. Whatever is in doubt counts as carried: nobody is sent to say again what was printed.
LOW = 0.5
SHOWN = 8  # moments and campaigns that could be followed


def coverages(agency: Agency) -> QuerySet[Coverage]:
    rows = Coverage.objects.filter(agency=agency).select_related("moment", "campaign")
    return rows.annotate(many=Count("articles", filter=Q(articles__set_aside_at=None)))


def not_followed(agency: Agency) -> tuple[list[Moment], list[Campaign]]:
    """The newest moments and campaigns whose news nobody follows."""
    moments = agency.moments.filter(coverage=None)[:SHOWN]
    return list(moments), list(agency.campaigns.filter(coverage=None)[:SHOWN])


def our_coverage(agency: Agency, coverage_id: UUID) -> Coverage | None:
    return coverages(agency).filter(pk=coverage_id).first()


def our_article(agency: Agency, article_id: UUID) -> Article | None:
    rows = Article.objects.filter(coverage__agency=agency, pk=article_id)
    return rows.select_related(
        "coverage__moment", "coverage__campaign", "added_by", "printed", "set_aside_by"
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

    def outlets(self, *answers: Answer | None) -> list[str]:
        """Those of which an article did one of these with it."""
        named = (cell.article.outlet for cell in self.cells if cell.answer in answers)
        return list(dict.fromkeys(named))

    @property
    def all_outlets(self) -> list[str]:
        return list(dict.fromkeys(cell.article.outlet for cell in self.cells))

    @property
    def carried_by(self) -> list[str]:
        return self.outlets(Answer.CARRIED)

    @property
    def low(self) -> bool:
        """Whether too few outlets carried it, even if all that is in doubt did."""
        wrote, did = len(self.all_outlets), len(self.outlets(Answer.CARRIED, None))
        return bool(wrote) and did / wrote < LOW


@dataclass(frozen=True)
class Table:
    """set_aside: what a person said is about something else; it counts nowhere."""

    articles: tuple[Article, ...]
    lines: tuple[Line, ...]
    set_aside: tuple[Article, ...] = ()

    @property
    def low(self) -> list[Line]:
        return [line for line in self.lines if line.low]

    @property
    def mistakes(self) -> list[Mistake]:
        """What may be wrong in them, and is wrong; without what somebody cleared."""
        found = [one for article in self.articles for one in article.mistakes.all()]
        return [one for one in found if one.state != MistakeState.CLEARED]


def table_of(coverage: Coverage) -> Table:
    related = ("readings__judged_by", "mistakes")
    found = coverage.articles.select_related("printed").defer("printed__packed", "printed__text")
    every = list(found.prefetch_related(*related))
    articles = [one for one in every if one.set_aside_at is None]
    for article in articles:
        for mistake in article.mistakes.all():
            mistake.article = article
    rows = [list(article.readings.all()) for article in articles]
    for article, readings in zip(articles, rows, strict=True):
        for reading in readings:
            reading.article = article
    lines = (
        Line(message, tuple(readings[place] for readings in rows))
        for place, message in enumerate(coverage.messages)
    )
    aside = tuple(one for one in every if one.set_aside_at is not None)
    return Table(tuple(articles), tuple(lines), aside)
