"""Reads of ANSWER that span models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, Exists, F, Q, QuerySet
from django.utils.dateparse import parse_datetime

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.answer.engine.targets import Summary, spent, summary
from commonground.answer.models import (
    Answer,
    Conversation,
    Judgement,
    Line,
    Message,
    Note,
    Promise,
    Word,
    word_marks,
)
from commonground.answer.states import State
from commonground.kit.paging import Page, by_time

SIZE = 25
RARE, ASKED_FIRST = 1_000, 3  # conversations; words that are looked at
COUNTED = 100  # a list that is longer says "99+": nobody counts on
MINE, UNCLAIMED, WAITING, ALL = VIEWS = ("mine", "unclaimed", "waiting", "all")
NOT_HEARD_SINCE = timedelta(minutes=10)  # then people are told
REPORTED = 50_000  # conversations of a week that a report reads at most


def shown(view: str, member: Member, now: datetime) -> QuerySet[Conversation]:
    """What one of the four lists holds."""
    ours = member.agency.conversations.all()
    match view:
        case "mine":
            return ours.open().had_by(member, now)
        case "unclaimed":
            return ours.open().free(now)
        case "waiting":
            return ours.filter(state=State.WAITING)
    return ours


def page_of(
    view: str, member: Member, now: datetime, *, words: str = "", before: str = ""
) -> Page[Conversation]:
    """Those that need us, what is urgent and due first; all others, the latest first."""
    rows = containing(shown(view, member, now), member.agency, words)
    # Which ones is asked by itself: together with their channels SQLite walks through all.
    rows = rows.only("rank", "due_at", "last_at")
    in_turn = view in (MINE, UNCLAIMED) and not words
    page = by_turn(rows, before) if in_turn else by_time(rows, "last_at", before, SIZE)
    whole = Conversation.objects.select_related("channel", "owner").in_bulk(
        [row.pk for row in page.rows]
    )
    return replace(page, rows=[whole[row.pk] for row in page.rows if row.pk in whole])


def containing(rows: QuerySet[Conversation], agency: Agency, words: str) -> QuerySet[Conversation]:
    """Only people who addressed us are searched, and only for whole words."""
    marks = word_marks(agency.pk, words)
    if words and not marks:
        return rows.none()
    one_by_one = len(marks) < 2 or connection.vendor == "sqlite"
    if not one_by_one and are_common(agency, marks[:ASKED_FIRST]):
        # Counted in one go over the index of words: asked one common word after the other,
        # PostgreSQL walks through every conversation to find that none has them all. SQLite does
        # where they are counted.
        with_all = Word.objects.filter(mark__in=marks).values("conversation").order_by()
        with_all = with_all.annotate(many=Count("*")).filter(many=len(marks))
        return rows.filter(pk__in=with_all.values("conversation"))
    for mark in marks:
        rows = rows.filter(pk__in=Word.objects.filter(mark=mark).values("conversation"))
    return rows


def are_common(agency: Agency, marks: list[int]) -> bool:
    """Whether each of these words is in so many conversations that to look through them takes
    long. One question for all: is there a last one of so many?"""
    last = {f"w{n}": Exists(Word.objects.filter(mark=mark)[RARE - 1 : RARE])
            for n, mark in enumerate(marks)}  # fmt: skip
    return all(Agency.objects.filter(pk=agency.pk).annotate(**last).values_list(*last).get())


def by_turn(rows: QuerySet[Conversation], before: str) -> Page[Conversation]:
    mark = read_turn(before)
    if mark:
        rank, due, key = mark
        later = Q(due_at__gt=due) | Q(due_at=due, pk__gt=key)
        # The first says nothing new, and has the index entered where the page begins.
        rows = rows.filter(Q(rank__gt=rank) | Q(rank=rank) & later, rank__gte=rank)
    found = list(rows.order_by("rank", "due_at", "pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    older = f"{last.rank}~{last.due_at.isoformat()}~{last.pk}" if last else ""
    return Page(found[:SIZE], older, first=mark is None)


def read_turn(before: str) -> tuple[int, datetime, object] | None:
    rank, _, rest = before.partition("~")
    time, _, key = rest.partition("~")
    try:
        due, pk = parse_datetime(time), Conversation._meta.pk.to_python(key)
    except (ValueError, ValidationError):
        return None
    is_rank = rank in ("0", "1", "2", "3")
    return (int(rank), due, pk) if is_rank and due and due.tzinfo and pk else None


def counts(member: Member, now: datetime) -> dict[str, str]:
    """How many are in each list, as far as it matters."""
    found = {}
    for view in (MINE, UNCLAIMED, WAITING):
        many = shown(view, member, now).order_by()[:COUNTED].count()
        found[view] = f"{COUNTED - 1}+" if many == COUNTED else str(many)
    return found


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing in a thread: what they said, what we said, what we noted."""

    at: datetime
    kind: str  # message, answer, note
    thing: Message | Answer | Note


def thread_of(conversation: Conversation) -> list[Turn]:
    """Everything in its order. Messages in the order they came, whatever a stranger's clock
    says."""
    messages = conversation.messages.prefetch_related("judgements")
    answers = conversation.answers.select_related("post__author").prefetch_related(
        "post__variants__channel", "post__variants__deliveries"
    )
    notes = conversation.notes.select_related("by")
    turns = [Turn(m.heard_at, "message", m) for m in messages]
    turns += [Turn(a.at, "answer", a) for a in answers]
    turns += [Turn(n.at, "note", n) for n in notes]
    return sorted(turns, key=lambda turn: turn.at)


def who_answers(agency: Agency) -> QuerySet[Member]:
    active = agency.members.filter(is_active=True, role_rows__role=Role.AUTHOR)
    return active.distinct().order_by("name")


def report(agency: Agency, since: datetime) -> Summary:
    """How long first answers took to whoever wrote since, in hours in which somebody was there."""
    promised = Promise.objects.filter(agency=agency).select_related("agency").first()
    hours = promised.hours if promised else None
    started = agency.conversations.filter(first_at__gte=since).order_by("-first_at")
    rows = started.values_list("first_at", "answered_at", "due_at")[:REPORTED]
    times = [(spent(a, b, hours), b <= due) for a, b, due in rows if b]
    return summary(times, len(rows) - len(times))


def silent_lines(agency: Agency, now: datetime) -> list[Line]:
    """Channels on which nothing can be heard: an inbox that is empty for that is no good news."""
    lines = Line.objects.filter(channel__agency=agency).exclude(trouble="")
    return list(lines.filter(Q(heard_at=None) | Q(heard_at__lte=now - NOT_HEARD_SINCE))
                .select_related("channel"))  # fmt: skip


def last_heard(agency: Agency) -> datetime | None:
    lines = Line.objects.filter(channel__agency=agency, heard_at__isnull=False)
    return lines.order_by("heard_at").values_list("heard_at", flat=True).first()


def mistakes(agency: Agency) -> dict[str, dict[str, Any]]:
    """What people said of the triage: by kind how often it was right, wrong, and silent."""
    ours = Judgement.objects.filter(message__conversation__agency=agency)
    rows = ours.values("kind").annotate(
        right=Count("pk", filter=Q(was_proposed=True, is_right=True)),
        wrong=Count("pk", filter=Q(was_proposed=True, is_right=False)),
        missed=Count("pk", filter=Q(was_proposed=False, is_right=True)),
    )
    return {row["kind"]: dict(row) for row in rows}


def mistaken(agency: Agency) -> QuerySet[Judgement]:
    """Each mistake, the latest first."""
    wrong = Q(was_proposed=F("is_right"))
    ours = Judgement.objects.filter(message__conversation__agency=agency).exclude(wrong)
    return ours.select_related("message__conversation__channel", "by")
