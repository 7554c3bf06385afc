"""Comments on our own site: where they stand, which wait, and what everybody reads of them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q, QuerySet

from commonground.agency.models import Agency
from commonground.answer.models import Conversation, mark_of
from commonground.answer.queries.measures import hidden_by
from commonground.channels.models import Channel
from commonground.channels.networks.site.models import Comment, How, Page

MOST = 500  # beneath one post: more than anybody reads
LISTED = 50


def newsrooms_of(agency: Agency) -> QuerySet[Channel]:
    return Channel.objects.filter(agency=agency, network="site").order_by("name")


def how_people_comment(agency: Agency) -> list[tuple[Channel, How]]:
    """Each newsroom, and whether people may comment there, in one question."""
    rows = newsrooms_of(agency).select_related("talk")
    return [(one, How(one.talk.how) if hasattr(one, "talk") else How.OFF) for one in rows]


def pages_of(agency: Agency) -> QuerySet[Page]:
    ours = Page.objects.filter(channel__agency=agency, answers=None).select_related("channel")
    return ours.order_by("-published_at")


def pages_spoken_of(agency: Agency) -> list[tuple[Page, int, int]]:
    """The latest posts with how many comments stand beneath each, and how many wait for a look."""
    pages = list(pages_of(agency).filter(withdrawn_at=None)[:LISTED])
    places = {page.place: page for page in pages}
    rows = Comment.objects.filter(beneath__in=places, gone_at=None).values("beneath").order_by()
    found = {
        row["beneath"]: (row["many"], row["waits"])
        for row in rows.annotate(many=Count("pk"), waits=Count("pk", filter=Q(shown_at=None)))
    }
    return [(page, *found.get(page.place, (0, 0))) for page in pages]


def comment_of(conversation: Conversation) -> Comment | None:
    """What stands on our site of a conversation that began there."""
    if conversation.channel.network != "site":
        return None
    names = [str(m.said.get("id", "")) for m in conversation.messages.all()]
    return Comment.objects.filter(channel=conversation.channel_id, key__in=names).first()


@dataclass(slots=True)
class Shown:
    """One comment as everybody reads it, and our answers beneath it."""

    comment: Comment
    rule: str = ""  # by which it is hidden
    answers: list[Page] = field(default_factory=list)


def public_beneath(page: Page) -> QuerySet[Comment]:
    public = Q(shown_at__isnull=False) | Q(answered_by__isnull=False)
    return Comment.objects.beneath(page.place).filter(public).distinct()


def many_beneath(page: Page) -> int:
    """How many everybody reads; more than are shown are not counted."""
    return public_beneath(page).order_by()[:MOST].count()


def version_of(page: Page) -> Hashable:
    """Another one whenever anything beneath it changed: a few counts, whatever was said."""
    said = Comment.objects.beneath(page.place).aggregate(
        Count("pk"), Max("pk"), Count("shown_at"), Max("shown_at"), Count("hidden_at"),
        Max("hidden_at"), Count("gone_at"),
    )  # fmt: skip
    answers = Page.objects.filter(answers__beneath=page.place)
    told = answers.aggregate(Count("pk"), Max("published_at"), Count("withdrawn_at"))
    return (*said.values(), *told.values())


def beneath(page: Page) -> list[Shown]:
    """What everybody reads beneath a post of ours."""
    rows_here = public_beneath(page)
    # The newest: a flood must not bury what is said after it.
    found = list(rows_here.order_by("-pk")[:MOST])[::-1]
    answers = Page.objects.filter(answers__in=found, withdrawn_at=None).order_by("published_at")
    rules = hidden_by(mark_of(page.channel_id, one.key) for one in found if one.hidden_at)
    rows = {one.pk: Shown(one, rules.get(mark_of(page.channel_id, one.key), "")) for one in found}
    for answer in answers:
        if answer.answers_id:
            rows[answer.answers_id].answers.append(answer)
    return list(rows.values())


def waiting_beneath(page: Page) -> int:
    """How many comments nobody has looked at yet."""
    unseen = Comment.objects.beneath(page.place).filter(shown_at=None, answered_by=None)
    return unseen.filter(hidden_at=None, gone_at=None).count()
