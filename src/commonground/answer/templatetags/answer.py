"""Words for what the triage proposes and for where an answer of ours stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _, gettext_lazy

from commonground.agency.models import Member
from commonground.answer.engine.triage import URGENT, Kind
from commonground.answer.models import Answer, Conversation, Deed, Measure, Message, Why
from commonground.answer.queries import hours
from commonground.answer.states import DeedState, MeasureState
from commonground.channels.contract.moderating import Act
from commonground.say.models import Post
from commonground.say.states import State as PostState
from commonground.say.templatetags.say import delivery_words, state_words

register = template.Library()

KIND_WORDS = {
    Kind.EMERGENCY: gettext_lazy("a call for help"),
    Kind.SUICIDE: gettext_lazy("a risk of suicide"),
    Kind.THREAT: gettext_lazy("a threat"),
    Kind.TIP: gettext_lazy("a tip"),
    Kind.FOI: gettext_lazy("a request for records"),
    Kind.COMPLAINT: gettext_lazy("a complaint about one of us"),
    Kind.EXCHANGE: gettext_lazy("about how we answered"),
    Kind.QUESTION: gettext_lazy("a question"),
    Kind.PRAISE: gettext_lazy("praise"),
    Kind.ABUSE: gettext_lazy("insults"),
}
# What to do, by whom it belongs to. The triage does none of it.
WHAT_NEXT = {
    Kind.EMERGENCY: gettext_lazy("Open the emergency script now."),
    Kind.SUICIDE: gettext_lazy("Open the emergency script now."),
    Kind.THREAT: gettext_lazy("Open the emergency script now, and keep the words."),
    Kind.TIP: gettext_lazy("Ask them to tell it where others cannot read it."),
    Kind.FOI: gettext_lazy("A legal clock may run since they wrote. Hand it to records today."),
    Kind.COMPLAINT: gettext_lazy("Hand it to oversight, and tell them that you did."),
    Kind.EXCHANGE: gettext_lazy("Read again what we said to them, and begin with that."),
    Kind.ABUSE: gettext_lazy("Criticism stays. Nothing needs to be done about an insult."),
}


@register.filter
def kind_words(kind: str) -> str:
    return str(KIND_WORDS[Kind(kind)]) if kind else ""


@register.filter
def what_next(kind: str) -> str:
    return str(WHAT_NEXT.get(Kind(kind), ""))


@register.filter
def is_urgent(kind: str) -> bool:
    return bool(kind) and Kind(kind) in URGENT


@register.filter
def who_wrote(said: dict[str, Any]) -> str:
    """How they call themselves; nothing of them is left once it was deleted."""
    return str(said.get("name") or said.get("handle") or _("Somebody"))


@register.filter
def answer_words(answer: Answer) -> str:
    """Where an answer stands, and never better than it is."""
    variant = next(iter(answer.post.variants.all()), None)
    going = (PostState.PUBLISHING, PostState.PUBLISHED, PostState.FAILED)
    if variant and answer.post.state in going and variant.delivery:
        return delivery_words(variant)
    return state_words(answer.post)


@register.filter
def post_words(post: Post) -> str:
    """Where an answer that is on its way stands."""
    return state_words(post)


@register.filter
def judged(message: Message, kind: str) -> str:
    """What a person said of a proposal: right, wrong, or nothing yet."""
    right = {j.kind: j.is_right for j in message.judgements.all()}.get(kind)
    return "" if right is None else "right" if right else "wrong"


@register.filter
def likely(message: Message) -> list[dict[str, Any]]:
    return [p for p in message.proposals if p["likely"]]


@register.filter
def possible(message: Message) -> list[dict[str, Any]]:
    """Named at once, their words a step away: many are wrong, and must not bury the message."""
    return [p for p in message.proposals if not p["likely"]]


@register.filter
def added(message: Message) -> list[str]:
    """Kinds that a person saw and the triage did not."""
    return [j.kind for j in message.judgements.all() if j.is_right and not j.was_proposed]


@register.filter
def held_at(conversation: Conversation, now: datetime) -> Member | None:
    return conversation.holder(now)


MEASURES = {
    Act.HIDE: gettext_lazy("Hide a message"),
    Act.MUTE: gettext_lazy("Mute somebody"),
    Act.BLOCK: gettext_lazy("Block somebody"),
}
ACTS = {
    Act.HIDE: gettext_lazy("Hide"), Act.MUTE: gettext_lazy("Mute"), Act.BLOCK: gettext_lazy("Block")
}  # fmt: skip
ALLOW = {
    Act.HIDE: gettext_lazy("Yes: hide this message"),
    Act.MUTE: gettext_lazy("Yes: mute them for this time"),
    Act.BLOCK: gettext_lazy("Yes: block them for this time"),
}
STANDS = {
    MeasureState.ASKED: gettext_lazy("waits for a second person"),
    MeasureState.IN_FORCE: gettext_lazy("in force"),
    MeasureState.TURNED_DOWN: gettext_lazy("turned down"),
    MeasureState.RECALLED: gettext_lazy("taken back by whoever asked"),
    MeasureState.OVER: gettext_lazy("over"),
    MeasureState.RESTORED: gettext_lazy("found wrong, and undone"),
}


HOURS = {
    hours.ANSWERED: gettext_lazy("Answered"),
    hours.JOINED: gettext_lazy("Joined to another question"),
    hours.LEFT_OUT: gettext_lazy("Not taken"),
    hours.HIDDEN: gettext_lazy("Not shown: it breaks a rule"),
    hours.GONE: gettext_lazy("Deleted by its author"),
}


@register.filter
def stands_in_hour(asked: hours.Asked) -> str:
    """What became of a question; of one that was not taken also why."""
    words = str(HOURS[asked.stands])
    return f"{words}: {Why(asked.why).label}" if asked.why else words


DEEDS = {
    DeedState.PROPOSED: gettext_lazy("waits for a second person"),
    DeedState.PUBLISHED: gettext_lazy("public"),
    DeedState.DROPPED: gettext_lazy("dropped"),
    DeedState.TAKEN_BACK: gettext_lazy("taken back"),
}


@register.filter
def deed_stands(deed: Deed) -> str:
    return str(DEEDS[DeedState(deed.state)])


@register.filter
def measure_words(measure: Measure) -> str:
    return str(MEASURES[Act(measure.kind)])


@register.filter
def act_words(act: str) -> str:
    return str(ACTS[Act(act)])


@register.filter
def allow_words(measure: Measure) -> str:
    """The button says what it does."""
    return str(ALLOW[Act(measure.kind)])


@register.filter
def stands_words(measure: Measure) -> str:
    return str(STANDS[MeasureState(measure.state)])
