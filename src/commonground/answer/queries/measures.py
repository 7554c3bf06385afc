"""What is to be done about measures, what was done, and what the public is told of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.answer.models import Appeal, Conversation, Filter, Measure, Message
from commonground.answer.models.measures import MeasureQuerySet, link_of
from commonground.answer.states import AppealState
from commonground.channels.contract.moderating import Act
from commonground.channels.models import Channel

WITH = ("channel", "policy", "asked_by", "agreed_by", "conversation", "agency", "appeal")


def measures_of(agency: Agency) -> MeasureQuerySet:
    return Measure.objects.filter(agency=agency).select_related(*WITH)


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for somebody, by what they must do."""

    asked: list[Measure]
    appeals: list[Appeal]
    untold: list[Measure]  # a person must tell the author
    by_hand: list[Measure]  # a person must do it, or undo it, at the network
    stuck: list[Measure]  # the desk tries, and has not managed for a while

    def __bool__(self) -> bool:
        return bool(self.asked or self.appeals or self.untold or self.by_hand or self.stuck)

    @property
    def late(self) -> list[Appeal]:
        return [appeal for appeal in self.appeals if appeal.is_late]


MOST = 50  # of each kind: whoever has more has another trouble
STUCK = 3  # attempts


def work_of(agency: Agency) -> Work:
    ours = measures_of(agency)
    appeals = agency.appeals.filter(state=AppealState.OPEN).select_related(
        *(f"measure__{name}" for name in WITH if name != "appeal")
    )
    trying = Q(attempts__gte=STUCK, by_hand=False) | Q(tell_attempts__gte=STUCK, told_at=None)
    stuck = ours.ever_in_force().filter(trying)
    return Work(
        list(ours.asked().order_by("asked_at")[:MOST]),
        list(appeals.order_by("due_at")[:MOST]),
        list(ours.untold().filter(tell_by_hand=True).order_by("agreed_at")[:MOST]),
        list(ours.to_do_by_hand().order_by("agreed_at")[:MOST]),
        list(stuck.order_by("agreed_at")[:MOST]),
    )


def may_decide_of(measure: Measure, member: Member) -> bool:
    """Whether this member could be the second person: which buttons a page shows."""
    return Role.APPROVER in member.roles and not member.is_also(measure.asked_by)


def may_judge_of(measure: Measure, member: Member) -> bool:
    """Whether this member could decide on its appeal."""
    parts = [measure.asked_by, *filter(None, [measure.agreed_by])]
    return Role.APPROVER in member.roles and not any(member.is_also(one) for one in parts)


def copied(conversation: Conversation, message: Message, now: datetime) -> dict[str, Any]:
    """What they wrote and what stood around it, as it was in this minute."""
    thread = [
        {"at": one.at.isoformat(), "text": str(one.said.get("text", "")), "ours": False,
         "this": one.pk == message.pk}
        for one in conversation.messages.all() if one.said
    ]  # fmt: skip
    thread += [
        {"at": answer.at.isoformat(), "text": answer.post.text, "ours": True, "this": False}
        for answer in conversation.answers.select_related("post")
    ]
    about = conversation.about.text if conversation.about else ""
    said = {name: value for name, value in message.said.items() if name != "proposals"}
    return {
        "at": now.isoformat(), "message": {**said, "at": message.at.isoformat()},
        "about": about, "thread": sorted(thread, key=lambda one: str(one["at"])),
    }  # fmt: skip


def in_force_over(conversations: Iterable[object]) -> dict[object, str]:
    """The rule by which a message of a conversation is hidden now, by conversation."""
    standing = Measure.objects.in_force().filter(
        conversation__in=list(conversations), kind=Act.HIDE.value
    )
    return {one.conversation_id: one.rule_words for one in standing.select_related("policy")}


def hidden_by(marks: Iterable[str]) -> dict[str, str]:
    """The rule by which a message is hidden now, by its mark."""
    standing = Measure.objects.in_force().filter(target__in=list(marks), kind=Act.HIDE.value)
    return {one.target: one.rule_words for one in standing.select_related("policy")}


# What its author is told


def link_to(measure: Measure) -> str:
    return measure.agency.site + reverse("public:appeal", args=[measure.token])


def language_for(measure: Measure) -> str:
    """Theirs, if the desk's own words are there in it; else the channel's, else the agency's."""
    theirs = str(measure.copy.get("message", {}).get("language", "")).partition("-")[0]
    wanted = (theirs, measure.channel.language, measure.agency.language)
    return next((code for code in wanted if code in dict(settings.LANGUAGES)), "en")


def notice_words(measure: Measure) -> str:
    """The words that go to the author. Why stands behind the link, where only they come."""
    with translation.override(language_for(measure)):
        return notice_in_this_language(measure)


def notice_in_this_language(measure: Measure) -> str:
    said = {
        Act.HIDE: _("We hid one of your replies to us."),
        Act.MUTE: _("This account does not read your replies to us until %(until)s."),
        Act.BLOCK: _("We block you on this account until %(until)s."),
    }[Act(measure.kind)]
    until = f"{measure.until:%Y-%m-%d}" if measure.until else ""
    why = _("It is rule %(rule)s of our comment policy. Why, and how to object without an account:")
    handle = str(measure.copy.get("message", {}).get("handle", ""))
    parts = [handle, said % {"until": until}, why % {"rule": measure.rule}, link_to(measure)]
    return " ".join(part for part in parts if part)


def measure_behind(token: str) -> Measure | None:
    """The measure that a link of ours was made for."""
    found = Measure.objects.ever_in_force().filter(link=link_of(token), emptied_at=None)
    return found.select_related(*WITH).first()


# What everybody is told


def public_measures(agency: Agency) -> QuerySet[Measure]:
    """Everything two people ever decided, in no words of anybody's but the rule's."""
    ours = Measure.objects.ever_in_force().filter(agency=agency)
    return ours.select_related("channel", "policy", "appeal")


def counted(agency: Agency, since: datetime) -> dict[str, dict[str, int]]:
    """By kind: in force now, since a time, appealed, and found to be wrong."""
    rows: Any = Measure.objects.ever_in_force().filter(agency=agency).values("kind").annotate(
        now=Count("pk", filter=Q(state="in_force")),
        since=Count("pk", filter=Q(agreed_at__gte=since)),
        appealed=Count("appeal", filter=Q(appeal__at__gte=since)),
        restored=Count("pk", filter=Q(appeal__state="granted", appeal__decided_at__gte=since)),
    )  # fmt: skip
    none = {"now": 0, "since": 0, "appealed": 0, "restored": 0}
    found = {row["kind"]: {name: row[name] for name in none} for row in rows}
    return {act.value: {**none, **found.get(act.value, {})} for act in Act}


@dataclass(frozen=True, slots=True)
class Filtered:
    """What hides words on a channel without any of us: nothing known is a finding too."""

    channel: Channel
    newest: Filter | None


def filters_of(agency: Agency) -> list[Filtered]:
    channels = Channel.objects.listed().elsewhere().filter(agency=agency)
    rows = Filter.objects.filter(channel__in=channels).select_related("channel", "by")
    newest: dict[object, Filter] = {}
    for row in rows:
        newest.setdefault(row.channel_id, row)
    return [Filtered(channel, newest.get(channel.pk)) for channel in channels]
