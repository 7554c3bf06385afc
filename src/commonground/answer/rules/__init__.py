"""Who may do what in ANSWER."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.answer.models import Answer, Conversation, Message
from commonground.kit.refusals import NotYours, Refused
from commonground.say.states import State as PostState

READERS = {Role.AUTHOR, Role.APPROVER, Role.AUDITOR, Role.RECORDS}
# An answer of ours that is written and not yet out, nor given up.
PENDING = [
    PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED, PostState.SCHEDULED, PostState.HELD,
    PostState.PUBLISHING,
]  # fmt: skip


def may_read(by: Member) -> None:
    """What people write to us is for those who answer, and those who look on them."""
    if not by.roles & READERS:
        raise NotYours(_("Only those who answer people may read what they wrote."))


def may_read_figures(by: Member) -> None:
    """How soon people are answered is also for whoever promises it. No word of theirs is there."""
    if not by.roles & (READERS | {Role.ADMIN}):
        raise NotYours(_("Only those who answer people, and administrators, may read this."))


def may_act(agency_id: object, by: Member) -> None:
    if Role.AUTHOR not in by.roles or by.agency_id != agency_id:
        raise NotYours(_("Only authors answer people. An administrator can give you that role."))


def may_have(member: Member, agency: Agency) -> None:
    """A conversation is given to somebody who can do something about it."""
    if member.agency_id != agency.pk or not member.is_active or Role.AUTHOR not in member.roles:
        raise Refused(_("%(name)s does not answer people here.") % {"name": member.name})


def may_promise(agency: Agency, by: Member) -> None:
    if Role.ADMIN not in by.roles or by.agency_id != agency.pk:
        raise NotYours(_("Only an administrator may say how soon people are answered."))


def must_say_something(text: str) -> str:
    if not text.strip():
        raise Refused(_("There is nothing to say yet. Write a few words first."))
    return text.strip()


def pending_of(conversation: Conversation) -> list[Answer]:
    rows = conversation.answers.filter(post__state__in=PENDING)
    return list(rows.select_related("post__author"))


def can_be_answered(conversation: Conversation, last: Message | None) -> bool:
    """Whether an answer from here reaches whoever wrote last, and nobody whom it should not."""
    kind = conversation.channel.kind
    return kind.answers and last is not None and (last.public or kind.private)


def must_hold_words(conversation: Conversation) -> None:
    if conversation.emptied_at:
        raise Refused(_("What they wrote was deleted when its time was over."))
