"""What everybody reads of an hour. Hundreds look at it while it is on, and each may ask something:
what is only counted is read as bare rows, and no words are opened but those that are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from commonground.answer.models import Answer, ChatHour, Measure, Message, SetAside, Why, mark_of
from commonground.answer.queries.hours import (
    ANSWERED,
    ENDED,
    HIDDEN,
    LEFT_OUT,
    Counts,
    answers_to,
    coming_to,
    comments_of,
    counted,
    questions_of,
    standing,
)
from commonground.channels.contract.moderating import Act
from commonground.channels.networks.site.models import Comment, Page


@dataclass(frozen=True, slots=True)
class InPublic:
    """Answered questions in the order of our answers; those not taken that are shown; and how
    many of all were what."""

    answered: list[Row]
    left_out: list[Row]
    counts: Counts


@dataclass(slots=True)
class Row:
    """One question; its words only where they are shown."""

    name: int = 0  # the key of the comment
    gone: bool = True
    comment: Comment | None = None
    also: int = 0  # how many asked the same
    stands: str = ""
    why: str = ""
    rule: str = ""
    words_shown: bool = False
    page: Page | None = None

    @property
    def reason(self) -> str:
        """Why it was not taken, in the reader's language."""
        return str(Why(self.why).label) if self.why else ""


def version_of(hour: ChatHour) -> Hashable:
    """Another one whenever anything of it changed: a few counts, whatever was said."""
    conversations = {"conversation__channel": hour.channel_id, "conversation__thread": hour.thread}
    asked = comments_of(hour).aggregate(
        Count("pk"), Max("pk"), Count("gone_at"), Count("hidden_at"), Count("shown_at"),
        Max("hidden_at"),
    )  # fmt: skip
    pages = Page.objects.filter(channel=hour.channel_id, answers__beneath=hour.place)
    told = pages.aggregate(Count("pk"), Max("published_at"), Count("withdrawn_at"))
    aside = SetAside.objects.filter(hour=hour).aggregate(Count("pk"), Max("pk"), Max("at"))
    heard = Message.objects.filter(**conversations).aggregate(Count("pk"))
    pending = answers_under_way(hour).count()
    measures = Measure.objects.filter(**conversations, kind=Act.HIDE.value)
    return (
        *asked.values(), *told.values(), *aside.values(), *heard.values(), pending,
        *measures.order_by("pk").values_list("pk", "state"),
    )  # fmt: skip


def answers_under_way(hour: ChatHour) -> QuerySet[Answer]:
    here = Answer.objects.filter(
        conversation__channel=hour.channel_id, conversation__thread=hour.thread
    )
    return here.exclude(post__state__in=ENDED)


def in_public(hour: ChatHour) -> InPublic:
    rows = rows_of(hour)
    answered = [row for row in rows.values() if row.page and row.stands in (ANSWERED, HIDDEN)]
    answered.sort(key=lambda row: row.page.published_at)  # type: ignore[union-attr]
    left_out = [r for r in rows.values() if r.stands == LEFT_OUT and r.words_shown and not r.gone]
    comments = comments_of(hour).in_bulk([row.name for row in (*answered, *left_out)])
    for row in (*answered, *left_out):
        row.comment = comments.get(row.name)
    counts = counted(((r.stands, r.why, r.rule) for r in rows.values()), coming_to(hour).count())
    return InPublic(answered, left_out, counts)


def rows_of(hour: ChatHour) -> dict[UUID, Row]:
    """Every question, by its conversation."""
    here = {"conversation__channel": hour.channel_id, "conversation__thread": hour.thread}
    ordered = questions_of(hour).order_by("rank", "first_at", "pk")
    rows: dict[UUID, Row] = {pk: Row() for pk in ordered.values_list("pk", flat=True)}
    marks: dict[UUID, str] = {}
    for pk, mark in Message.objects.filter(**here).values_list("conversation", "mark"):
        marks.setdefault(pk, mark)
    comments = {
        mark_of(hour.channel_id, key): (pk, gone is not None)
        for pk, key, gone in comments_of(hour).values_list("pk", "key", "gone_at")
    }
    pages = answers_to(hour)
    aside = {one.conversation_id: one for one in SetAside.objects.filter(hour=hour)}
    also = Counter(one.into_id for one in aside.values())
    pending = set(answers_under_way(hour).values_list("conversation", flat=True))
    standing_measures = Measure.objects.in_force().filter(**here, kind=Act.HIDE.value)
    hidden = {m.conversation_id: m.rule_words for m in standing_measures.select_related("policy")}
    for pk, row in rows.items():
        row.name, row.gone = comments.get(marks.get(pk, ""), (0, True))
        row.page, row.rule, row.also = pages.get(row.name), hidden.get(pk, ""), also[pk]
        set_aside = aside.get(pk)
        if set_aside:
            row.why, row.words_shown = set_aside.why, set_aside.words_shown
        row.stands = standing(
            hidden=bool(row.rule), aside=bool(set_aside),
            joined=bool(set_aside and set_aside.into_id), answered=bool(row.page),
            pending=pk in pending, gone=row.gone,
        )  # fmt: skip
    return rows
