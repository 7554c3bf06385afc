"""What was asked in an hour, and what became of each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest

from django.db.models import Q, QuerySet

from commonground.agency.models import Agency
from commonground.answer.engine.finding import words_in
from commonground.answer.models import ChatHour, Conversation, Message, Why, mark_of
from commonground.answer.queries.measures import in_force_over
from commonground.answer.states import HourState
from commonground.channels.networks.site.models import Comment, Page
from commonground.say.states import State as PostState

ENDED = (PostState.PUBLISHED, PostState.FAILED, PostState.WITHDRAWN)
MOST = 1_000  # questions: more than an hour of any agency has answers for
# In this order the desk reads them.
WAITING, ON_ITS_WAY, ANSWERED, JOINED, LEFT_OUT, HIDDEN, GONE = STANDS = (
    "waiting", "on_its_way", "answered", "joined", "left_out", "hidden", "gone",
)  # fmt: skip


@dataclass(slots=True)
class Asked:
    """One question: as it stands in the inbox, and as the public sees it."""

    conversation: Conversation
    comment: Comment | None
    message: Message | None
    stands: str
    why: str = ""
    words_shown: bool = False  # of one that was not taken
    rule: str = ""  # that two people found it to break
    page: Page | None = None  # our answer, as the public reads it
    post: object = None  # our answer, on its way
    joined: list[Asked] = field(default_factory=list)

    @property
    def mark(self) -> str:
        return self.message.mark if self.message else ""

    @property
    def answer_key(self) -> str:
        return self.page.key if self.page else ""

    @property
    def is_urgent(self) -> bool:
        return self.conversation.rank == 0


def hours_of(agency: Agency) -> QuerySet[ChatHour]:
    return agency.chat_hours.select_related("channel", "written_by", "agreed_by", "agency")


def hour_of(conversation: Conversation) -> ChatHour | None:
    """The hour in which it was asked, if it was."""
    if conversation.channel.network != "site":
        return None
    held = ChatHour.objects.filter(channel=conversation.channel_id).select_related("channel")
    return next((one for one in held if one.thread == conversation.thread), None)


def questions_of(hour: ChatHour) -> QuerySet[Conversation]:
    asked = Conversation.objects.filter(channel=hour.channel_id, thread=hour.thread)
    return asked.select_related("owner", "channel", "set_aside__into")


def comments_of(hour: ChatHour) -> QuerySet[Comment]:
    return Comment.objects.beneath(hour.place).filter(channel=hour.channel_id)


def asked_in(hour: ChatHour, most: int | None = MOST) -> list[Asked]:
    """Every question, what is urgent and due first; those joined, beneath theirs and by
    themselves. Pages show so many at most; who closes an hour reads all."""
    ordered = questions_of(hour).order_by("rank", "first_at", "pk")
    found = list(ordered.prefetch_related("messages", "answers__post__author")[:most])
    comments = {mark_of(hour.channel_id, one.key): one for one in comments_of(hour)}
    pages = answers_to(hour)
    hidden = in_force_over(one.pk for one in found)
    asked = [read(one, comments, pages, hidden) for one in found]
    by_key = {one.conversation.pk: one for one in asked}
    for one in asked:
        aside = getattr(one.conversation, "set_aside", None)
        if aside and aside.into_id in by_key:
            by_key[aside.into_id].joined.append(one)
    return asked


def answers_to(hour: ChatHour) -> dict[int, Page]:
    """Our answers that stand, by what they answer; the last one where there are two."""
    pages = Page.objects.filter(
        channel=hour.channel_id, answers__beneath=hour.place, withdrawn_at=None
    )
    ordered = pages.order_by("published_at", "key")
    return {page.answers_id: page for page in ordered if page.answers_id}


def read(
    one: Conversation, comments: dict[str, Comment], pages: dict[int, Page],
    hidden: dict[object, str],
) -> Asked:  # fmt: skip
    message = next(iter(one.messages.all()), None)
    comment = comments.get(message.mark) if message else None
    page = pages.get(comment.pk) if comment else None
    asked = Asked(one, comment, message, WAITING, page=page)
    asked.rule = hidden.get(one.pk, "")
    aside = getattr(one, "set_aside", None)
    pending = [a for a in one.answers.all() if a.post.state not in ENDED]
    asked.stands = standing(
        hidden=bool(asked.rule), aside=bool(aside), joined=bool(aside and aside.into_id),
        answered=bool(page), pending=bool(pending), gone=comment is None or bool(comment.gone_at),
    )  # fmt: skip
    if aside:
        asked.why, asked.words_shown = aside.why, aside.words_shown
    if asked.stands == ON_ITS_WAY:
        asked.post = pending[0].post
    return asked


def standing(
    *, hidden: bool, aside: bool, joined: bool, answered: bool, pending: bool, gone: bool
) -> str:
    """What became of one question."""
    if hidden:
        return HIDDEN
    if aside:
        return JOINED if joined else LEFT_OUT
    if answered:
        return ANSWERED
    if pending:
        return ON_ITS_WAY
    return GONE if gone else WAITING


def coming_to(hour: ChatHour) -> QuerySet[Comment]:
    """What was asked and the inbox has not heard yet."""
    return comments_of(hour).filter(told=False, gone_at=None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were asked, and what became of them: what everybody is told."""

    asked: int
    answered: int
    joined: int
    waiting: int  # also those whose answer is on its way
    gone: int
    left_out: list[tuple[str, int]]  # the reason, and how many
    hidden: list[tuple[str, int]]  # the rule, and how many


def counts_of(hour: ChatHour, asked: list[Asked] | None = None) -> Counts:
    asked = asked_in(hour) if asked is None else asked
    return counted(((one.stands, one.why, one.rule) for one in asked), coming_to(hour).count())


def counted(asked: Iterable[tuple[str, str, str]], unheard: int) -> Counts:
    """Of each question what became of it, why it was not taken, and by which rule it is hidden;
    and how many the inbox has not heard yet."""
    rows = list(asked)
    by = Counter(stands for stands, _, _ in rows)
    why = Counter(why for stands, why, _ in rows if stands == LEFT_OUT)
    rules_broken = Counter(rule for stands, _, rule in rows if stands == HIDDEN)
    return Counts(
        len(rows) + unheard, by[ANSWERED], by[JOINED], by[WAITING] + by[ON_ITS_WAY] + unheard,
        by[GONE], [(str(Why(name).label), n) for name, n in sorted(why.items()) if name],
        sorted(rules_broken.items()),
    )  # fmt: skip


COMPARED = 50  # of those that wait; nobody reads on before these are settled
LISTED = 12  # a longer list is searched by nobody while people wait


def with_alike(waiting: list[Asked], asked: list[Asked]) -> list[tuple[Asked, list[Asked]]]:
    """Each with the questions it could be joined to, those with the most words in common first.

    Strangers say how many there are: words are read once, and only the first are compared.
    """
    able = [one for one in asked if one.stands in (WAITING, ON_ITS_WAY, ANSWERED)]
    words = {id(one): set(words_in(one.comment.text)) if one.comment else set() for one in able}

    def those_like(one: Asked) -> list[Asked]:
        mine = words[id(one)]

        def shared(other: Asked) -> float:
            return len(mine & words[id(other)]) / max(1, len(mine | words[id(other)]))

        return nlargest(LISTED, (other for other in able if other is not one), key=shared)

    return [(one, those_like(one) if n < COMPARED else []) for n, one in enumerate(waiting)]


def to_look_at(agency: Agency, now: datetime) -> list[ChatHour]:
    """Hours that somebody must do something about: to be read by a second person, on now, or past
    and not closed."""
    open_still = hours_of(agency).filter(state__in=[HourState.PROPOSED, HourState.ANNOUNCED])
    begun = Q(starts_at__lte=now) | Q(state=HourState.PROPOSED)
    return list(open_still.filter(begun).order_by("starts_at")[:LISTED])
