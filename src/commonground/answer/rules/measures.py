"""Who may do what about what somebody wrote to us, and when the law lets them.

What these rules are made from: docs/decisions/0040.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.answer.models import (
    LONGEST_MEASURE,
    Appeal,
    CommentPolicy,
    Conversation,
    Measure,
    Message,
)
from commonground.answer.states import MeasureState, PolicyState
from commonground.channels.contract.moderating import Act
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import NotYours, Refused

# What must have been tried with them before, or somebody says why it was not.
SMALLER = {Act.HIDE: (), Act.MUTE: (Act.HIDE,), Act.BLOCK: (Act.HIDE, Act.MUTE)}
SHORTEST_REASON = 15  # signs: "rude" is none


def may_ask(conversation: Conversation, by: Member) -> None:
    if Role.AUTHOR not in by.roles or by.agency_id != conversation.agency_id:
        raise NotYours(_("Only authors may ask for a measure."))


def may_allow(measure: Measure, by: Member) -> None:
    """A second person: never the one who asked, not with another account either."""
    if Role.APPROVER not in by.roles or by.agency_id != measure.agency_id:
        raise NotYours(_("Only an approver decides on a measure."))
    again = _("It takes a second person: you asked for this yourself.")
    must_be_another(measure.asked_by, by, again)


def may_recall(measure: Measure, by: Member) -> None:
    if not by.is_also(measure.asked_by):
        raise NotYours(_("Only whoever asked may take it back. An approver may say no to it."))


def may_end(measure: Measure, by: Member) -> None:
    """To give somebody their voice back takes one person."""
    if not {Role.AUTHOR, Role.APPROVER} & by.roles or by.agency_id != measure.agency_id:
        raise NotYours(_("Only authors and approvers may end a measure."))


def may_carry_out(measure: Measure, by: Member) -> None:
    if not {Role.AUTHOR, Role.APPROVER} & by.roles or by.agency_id != measure.agency_id:
        raise NotYours(_("Only authors and approvers may do this."))


def may_decide(appeal: Appeal, by: Member) -> None:
    """A third person, who had no part in it."""
    if Role.APPROVER not in by.roles or by.agency_id != appeal.agency_id:
        raise NotYours(_("Only an approver decides on an appeal."))
    measure = appeal.measure
    parts = [measure.asked_by, *filter(None, [measure.agreed_by])]
    if any(by.is_also(one) for one in parts):
        raise NotYours(_("Somebody decides who had no part in it: you asked for it, or agreed."))


def may_propose(agency: Agency, by: Member) -> None:
    if Role.ADMIN not in by.roles or by.agency_id != agency.pk:
        raise NotYours(_("Only an administrator writes the comment policy."))


def may_publish(policy: CommentPolicy, by: Member) -> None:
    if not {Role.ADMIN, Role.APPROVER} & by.roles or by.agency_id != policy.agency_id:
        raise NotYours(_("Only administrators and approvers may publish the comment policy."))
    again = _("It takes a second person: you wrote this yourself.")
    must_be_another(policy.written_by, by, again)


def policy_of(agency: Agency) -> CommentPolicy | None:
    return CommentPolicy.objects.filter(agency=agency, state=PolicyState.IN_FORCE).first()


def must_have_policy(agency: Agency) -> CommentPolicy:
    policy = policy_of(agency)
    if policy is None:
        raise Refused(
            _("There is no comment policy in force. Without a published rule nothing is hidden.")
        )
    return policy


def must_stand(conversation: Conversation, message: Message) -> None:
    """There must be something to keep a copy of."""
    if message.conversation_id != conversation.pk:
        raise Refused(_("This was written in another conversation."))
    if message.gone_at or not message.said or conversation.emptied_at:
        raise Refused(_("What they wrote is gone: there is nothing to keep a copy of."))
    if not message.public:
        raise Refused(_("They wrote this to us alone. Nobody is shut out for a private message."))


def must_be_new(conversation: Conversation, kind: Act, target: str) -> None:
    same = Measure.objects.filter(channel=conversation.channel_id, kind=kind.value, target=target)
    if same.live().exists():
        raise Refused(_("This was asked for already, or is in force."))


def must_be_undone(measure: Measure) -> None:
    """What is still to be undone would undo this too."""
    same = Measure.objects.filter(
        channel=measure.channel_id, kind=measure.kind, target=measure.target
    )
    if same.unsettled().exclude(state=MeasureState.IN_FORCE).exists():
        raise Refused(_("An earlier one of these is still being undone there. Wait for that."))


def must_give_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence what in it breaks the rule."))
    return reason[:300]


def must_end(kind: Act, until: datetime | None, now: datetime) -> None:
    if kind == Act.HIDE:
        return
    if until is None:
        raise Refused(_("Say until when: nobody is muted or blocked for good."))
    if not now + timedelta(minutes=5) <= until <= now + LONGEST_MEASURE:
        raise Refused(_("It must end later than now, and within a year."))


def was_less_tried(conversation: Conversation, kind: Act) -> bool:
    """Whether something smaller was done before about this person on this channel."""
    theirs = Conversation.objects.filter(
        channel=conversation.channel_id, person=conversation.person
    )
    before = Measure.objects.ever_in_force().filter(conversation__in=theirs)
    if before.filter(kind__in=[act.value for act in SMALLER[kind]]).exists():
        return True
    # A block shuts somebody out of all we say: an answer alone is not the step before it.
    return kind != Act.BLOCK and theirs.filter(answered_at__isnull=False).exists()


def must_be_smallest(conversation: Conversation, kind: Act, why_not_less: str) -> str:
    why = why_not_less.strip()
    if not was_less_tried(conversation, kind) and len(why) < SHORTEST_REASON:
        raise Refused(
            _("Nothing smaller was tried with them: answer, then hide, then mute, then block. Do"
              " that first, or write why it would not do.")
        )  # fmt: skip
    return why[:300]
