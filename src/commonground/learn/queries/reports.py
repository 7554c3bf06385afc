"""The after-action report of a moment, read from the record and the tables of all rooms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from commonground.agency.models import Agency
from commonground.answer.models import Conversation, Measure
from commonground.answer.queries.after import whether_it_helped
from commonground.learn.engine.after_action import Line, Report, Said, in_order, lengths_of
from commonground.learn.models import Answer, Coverage, FrozenReport, LookBack, Mistake
from commonground.learn.queries.coverage import Line as OfMessage, Table, table_of
from commonground.learn.queries.mistakes import mistakes
from commonground.learn.states import MistakeState
from commonground.record.models import Entry, Showing, name_of
from commonground.say.models import Delivery, Post
from commonground.say.states import DeliveryState, State
from commonground.spot.models import Moment, Rumour
from commonground.spot.states import State as MomentState

SHOWN = 50
LONGEST_QUOTE = 400


def moments_to_report(agency: Agency) -> QuerySet[Moment]:
    """Those that are over, the newest first."""
    over = agency.moments.exclude(state__in=[MomentState.OPEN, MomentState.MERGED])
    return over.annotate(frozen=Count("frozen_reports")).order_by("-opened_at")[:SHOWN]


def our_frozen(agency: Agency, report_id: UUID) -> FrozenReport | None:
    rows = FrozenReport.objects.filter(agency=agency, pk=report_id)
    return rows.select_related("moment", "frozen_by").first()


def look_back_of(moment: Moment) -> LookBack | None:
    return LookBack.objects.filter(moment=moment).select_related("written_by").first()


def report_of(moment: Moment) -> Report:
    """The report as the tables say it now."""
    return Gathered(moment).report()


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Seen:
    """What the record has of these things: the number of the first entry of each step."""

    numbers: dict[tuple[str, str], int]

    @classmethod
    def of(cls, names: list[str]) -> Seen:
        found: dict[tuple[str, str], int] = {}
        for start in range(0, len(names), 500):  # an old SQLite takes no more at once
            rows = Entry.objects.filter(subject__in=names[start : start + 500]).order_by("number")
            for subject, verb, number in rows.values_list("subject", "verb", "number"):
                found.setdefault((subject, verb), number)
        return cls(found)

    def __call__(self, thing: object, *verbs: str) -> int:
        name = name_of(thing)
        return next((n for v in verbs if (n := self.numbers.get((name, v)))), 0)


class Gathered:
    """Everything that belongs to one moment, each asked for once."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    @cached_property
    def posts(self) -> list[Post]:
        """Those drafted for it, and what put them right."""
        ours = Q(moment=self.moment) | Q(corrects__moment=self.moment)
        rows = Post.objects.filter(ours, answers="").order_by("made_at")
        return list(rows.prefetch_related("reviews"))

    @cached_property
    def deliveries(self) -> list[Delivery]:
        rows = Delivery.objects.filter(variant__post__in=self.posts)
        return list(rows.select_related("variant__post", "variant__channel").order_by("due_at"))

    @cached_property
    def conversations(self) -> list[Conversation]:
        rows = Conversation.objects.filter(about__in=self.posts)
        return list(rows.defer("shown").select_related("channel").order_by("first_at"))

    @cached_property
    def measures(self) -> list[Measure]:
        rows = Measure.objects.filter(conversation__in=self.conversations)
        rows = rows.exclude(agreed_at=None).select_related("channel", "appeal")
        return list(rows.defer("said", "copy").order_by("agreed_at"))

    @cached_property
    def rumours(self) -> list[Rumour]:
        return list(self.moment.rumours.order_by("logged_at"))

    @cached_property
    def coverage(self) -> Coverage | None:
        return Coverage.objects.filter(moment=self.moment).first()

    @cached_property
    def table(self) -> Table:
        return table_of(self.coverage) if self.coverage else Table((), ())

    @cached_property
    def mistakes(self) -> list[Mistake]:
        rows = mistakes(self.moment.agency).filter(article__coverage__moment=self.moment)
        return list(rows.select_related("article").order_by("found_at"))

    @cached_property
    def entries(self) -> Seen:
        things: list[object] = [
            self.moment, *self.posts, *self.deliveries, *self.rumours, *self.measures,
            *self.table.articles, *self.mistakes, *([self.coverage] if self.coverage else []),
        ]  # fmt: skip
        return Seen.of([name_of(one) for one in things])

    def report(self) -> Report:
        lines = in_order(self.lines())
        written = look_back_of(self.moment)
        return Report(
            moment=self.about(), lines=lines, lengths=self.lengths(lines), numbers=self.numbers(),
            messages=[said_of(line) for line in self.table.lines], gaps=list(self.gaps()),
            feedback=self.feedback(), went_well=written.went_well if written else "",
            what_next=written.what_next if written else "",
        )  # fmt: skip

    def about(self) -> dict[str, str | int | float]:
        moment = self.moment
        return {
            "id": str(moment.pk), "label": moment.label, "state": str(moment.state),
            "opened_at": iso(moment.opened_at), "volume": moment.volume,
            "closed_at": iso(moment.closed_at) if moment.closed_at else "",
            "did": moment.did, "reason": moment.reason, "in_time": str(moment.in_time),
        }  # fmt: skip

    # What happened

    def lines(self) -> Iterator[Line]:
        yield from self.of_moment()
        yield from self.of_posts()
        yield from self.of_deliveries()
        yield from self.of_people()
        yield from self.of_rumours()
        yield from self.of_news()
        yield from self.of_mistakes()

    def of_moment(self) -> Iterator[Line]:
        moment, name = self.moment, name_of(self.moment)
        told: dict[str, str | int | float] = {
            "posts": moment.count, "usual": round(moment.usual, 1), "voices": moment.authors,
            "minutes": moment.scale_minutes, "term": moment.why or moment.label,
        }  # fmt: skip
        url = moment.get_absolute_url()
        yield Line(iso(moment.first_post_at), "heard", subject=name, url=url)
        spotted = self.entries(moment, "open_moment")
        yield Line(iso(moment.opened_at), "spotted", told, "desk", "", name, spotted, url)
        if moment.closed_at:
            verbs = ("act", "join", "dismiss", "merge", "settle", "miss")
            closed = self.entries(moment, *verbs)
            told = {"state": str(moment.state)}
            yield Line(iso(moment.closed_at), "closed", told, "", "", name, closed, url)

    def of_posts(self) -> Iterator[Line]:
        for post in self.posts:
            told: dict[str, str | int | float] = {"title": str(post)}
            name, url = name_of(post), post.get_absolute_url()
            kind = "correction_drafted" if post.corrects_id else "drafted"
            begun = self.entries(post, "begin")
            yield Line(
                iso(post.made_at), kind, told, "author", str(post.author_id), name, begun, url
            )
            for review in sorted(post.reviews.all(), key=lambda one: one.at):
                if review.verdict == "approve":
                    by, number = str(review.by_id), self.entries(post, "approve", "agree")
                    yield Line(
                        iso(review.at), "approved", told, "approver", by, name, number, url
                    )  # fmt: skip

    def of_deliveries(self) -> Iterator[Line]:
        for one in self.deliveries:
            told: dict[str, str | int | float] = {
                "title": str(one.variant.post), "channel": one.variant.channel.name,
            }  # fmt: skip
            name, page = name_of(one), one.variant.post.get_absolute_url()
            if one.seen_at:
                kind = "correction_seen" if one.variant.post.corrects_id else "seen"
                seen = self.entries(one, "see", "confirm")
                url = one.url or page
                yield Line(iso(one.seen_at), kind, told, "desk", "", name, seen, url)
            elif one.state in (DeliveryState.DECLINED, DeliveryState.LATE) and one.raised_at:
                lost = self.entries(one, "decline", "pass_by", "rule_out")
                why = {**told, "why": one.why}
                yield Line(iso(one.raised_at), "not_sent", why, "desk", "", name, lost, page)
            if one.withdrawn_at:
                gone = self.entries(one, "note_withdrawn")
                yield Line(iso(one.withdrawn_at), "taken_back", told, "desk", "", name, gone, page)

    def of_people(self) -> Iterator[Line]:
        if self.conversations:
            first = self.conversations[0]
            told: dict[str, str | int | float] = {"channel": first.channel.name}
            url = first.get_absolute_url()
            yield Line(iso(first.first_at), "first_reply", told, subject=name_of(first), url=url)
        answered = [one for one in self.conversations if one.answered_at]
        if answered:
            first = min(answered, key=lambda one: one.answered_at or one.first_at)
            told, url = {"channel": first.channel.name}, first.get_absolute_url()
            at = iso(first.answered_at or first.first_at)
            yield Line(at, "first_answer", told, "author", subject=name_of(first), url=url)
        for one in self.measures:
            told = {"kind": one.kind, "reference": one.reference, "channel": one.channel.name}
            name, url = name_of(one), one.get_absolute_url()
            agreed = self.entries(one, "allow")
            yield Line(
                iso(one.agreed_at or one.asked_at), "measure", told, "approver",
                str(one.agreed_by_id or ""), name, agreed, url,
            )  # fmt: skip
            if appeal := getattr(one, "appeal", None):
                yield Line(iso(appeal.at), "appeal", told, subject=name_of(appeal), url=url)

    def of_rumours(self) -> Iterator[Line]:
        for one in self.rumours:
            told: dict[str, str | int | float] = {"claim": one.claim, "state": str(one.state)}
            name, url = name_of(one), self.moment.get_absolute_url()
            by, logged = str(one.logged_by_id), self.entries(one, "log_rumour")
            yield Line(iso(one.logged_at), "rumour", told, "author", by, name, logged, url)
            if one.answered_at:
                said = self.entries(one, "answer_rumour")
                yield Line(iso(one.answered_at), "rumour_answered", told, "", "", name, said, url)

    def of_news(self) -> Iterator[Line]:
        if self.coverage:
            name, url = name_of(self.coverage), self.coverage.get_absolute_url()
            told: dict[str, str | int | float] = {"messages": len(self.coverage.messages)}
            begun, by = self.entries(self.coverage, "follow_news"), str(self.coverage.made_by_id)
            yield Line(iso(self.coverage.made_at), "followed", told, "", by, name, begun, url)
        for article in self.table.articles:
            readings = article.readings.all()
            carried = sum(one.answer is Answer.CARRIED for one in readings)
            told = {
                "outlet": article.outlet, "headline": article.headline, "carried": carried,
                "messages": len(readings), "published_on": article.published_on.isoformat(),
            }  # fmt: skip
            at = article.printed.published_at if article.printed else article.added_at
            kept, url = self.entries(article, "add_article"), article.get_absolute_url()
            yield Line(iso(at), "article", told, subject=name_of(article), entry=kept, url=url)

    def of_mistakes(self) -> Iterator[Line]:
        for one in self.mistakes:
            if one.state in (MistakeState.SUSPECTED, MistakeState.CLEARED):
                continue
            name, url = name_of(one), one.get_absolute_url()
            told: dict[str, str | int | float] = {
                "outlet": one.article.outlet, "wrong": one.wrong, "right": one.right,
            }  # fmt: skip
            found = self.entries(one, "mark_wrong", "confirm_mistake")
            by = str(one.found_by_id or "")
            yield Line(iso(one.found_at), "mistake", told, "", by, name, found, url)
            if one.asked_at:
                asked, whom = self.entries(one, "ask_outlet"), {**told, "asked_of": one.asked_of}
                yield Line(iso(one.asked_at), "mistake_asked", whom, "", "", name, asked, url)
            if one.corrected_at:
                done = self.entries(one, "note_correction")
                yield Line(
                    iso(one.corrected_at), "mistake_corrected", told, "", "", name, done, url
                )

    # How long it took, and how much there was

    def lengths(self, lines: list[Line]) -> dict[str, float | None]:
        answered = [
            (one.answered_at - one.first_at).total_seconds()
            for one in self.conversations
            if one.answered_at
        ]
        corrected = [
            (one.corrected_at - one.asked_at).total_seconds()
            for one in self.mistakes
            if one.corrected_at and one.asked_at
        ]
        return lengths_of(lines, self.moment.first_word_at, answered, corrected)

    def numbers(self) -> dict[str, int]:
        real = [
            m for m in self.mistakes
            if m.state not in (MistakeState.SUSPECTED, MistakeState.CLEARED)
        ]  # fmt: skip
        seen = [one for one in self.deliveries if one.state == DeliveryState.SENT]
        return {
            "posts": sum(p.state == State.PUBLISHED for p in self.posts if not p.corrects_id),
            "corrections": sum(p.state == State.PUBLISHED for p in self.posts if p.corrects_id),
            "seen": len(seen), "not_seen": len(self.deliveries) - len(seen),
            "taken_back": sum(one.withdrawn_at is not None for one in self.deliveries),
            "conversations": len(self.conversations),
            "answered": sum(one.answered_at is not None for one in self.conversations),
            "late": sum(one.is_late for one in self.conversations),
            "measures": len(self.measures),
            "appeals": sum(hasattr(one, "appeal") for one in self.measures),
            "rumours": len(self.rumours), "articles": len(self.table.articles),
            "outlets": len({one.outlet for one in self.table.articles}),
            "set_aside": len(self.table.set_aside), "mistakes": len(real),
            "mistakes_asked": sum(one.asked_at is not None for one in real),
            "mistakes_corrected": sum(one.state == MistakeState.CORRECTED for one in real),
        }  # fmt: skip

    def feedback(self) -> dict[str, int] | None:
        """Whether answers of these days helped, as far as enough people said so. Nobody's saying
        leads back to a conversation, so it cannot be told by moment."""
        until = self.moment.closed_at or timezone.now()
        found = whether_it_helped(self.moment.agency, self.moment.opened_at, until)
        if not found.asked:
            return None
        return {"asked": found.asked, "answered": found.answered, **(found.said or {})}

    # What is missing

    def gaps(self) -> Iterator[tuple[str, int]]:
        for kind, n in self.counted_gaps().items():
            if n:
                yield kind, n

    def counted_gaps(self) -> dict[str, int]:
        counts = self.numbers()
        names = [name_of(one) for one in self.deliveries if one.seen_at]
        unread = sum(line.open for line in self.table.lines)
        suspected = sum(m.state == MistakeState.SUSPECTED for m in self.mistakes)
        open_rumours = sum(r.state in ("heard", "checking") for r in self.rumours)
        feedback = self.feedback()
        return {
            "still_open": int(self.moment.state == MomentState.OPEN),
            "no_first_word": int(self.moment.first_word_at is None),
            "no_post": int(not self.posts),
            "not_seen": counts["not_seen"],
            "no_proof": sum(not self.entries(o, "see", "confirm") for o in self.deliveries
                            if o.seen_at),
            "not_captured": Showing.objects.missing().filter(subject__in=names).count(),
            "unanswered": counts["conversations"] - counts["answered"],
            "open_rumours": open_rumours,
            "not_followed": int(self.coverage is None),
            "no_article": int(self.coverage is not None and not self.table.articles),
            "uncertain": unread,
            "only_told": sum(a.printed is not None and not a.printed.is_whole
                             for a in self.table.articles),
            "suspected": suspected,
            "no_feedback": int(feedback is None),
            "few_feedback": int(feedback is not None and "yes" not in feedback),
            "not_looked_back": int(look_back_of(self.moment) is None),
        }  # fmt: skip


def said_of(line: OfMessage) -> Said:
    quotes = [
        {
            "outlet": cell.article.outlet, "article": str(cell.article.pk),
            "answer": "uncertain" if cell.answer is None else cell.answer.name.lower(),
            "quote": cell.quote[:LONGEST_QUOTE],
        }
        for cell in line.cells
    ]  # fmt: skip
    return Said(
        line.message, line.carried, line.touched, line.open, len(line.cells),
        len(line.all_outlets), len(line.carried_by), quotes,
    )  # fmt: skip
