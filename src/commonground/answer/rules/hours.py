"""Who may announce an hour in which people ask us, and what it must say."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from commonground.agency import rules as agency_rules
from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.answer import rules
from commonground.answer.models import ChatHour, Conversation, SetAside
from commonground.answer.states import HourState
from commonground.channels.models import Channel
from commonground.channels.states import State as ChannelState
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import MovedOn, NotYours, Refused

LONGEST = timedelta(hours=8)


def places_for(agency: Agency) -> QuerySet[Channel]:
    """The newsrooms it can be held in."""
    ready = Channel.objects.filter(agency=agency, network="site", state=ChannelState.READY)
    return ready.filter(drill=agency.drill).order_by("name")


def must_be_possible(hour: ChatHour, now: datetime) -> None:
    if not places_for(hour.agency).filter(pk=hour.channel_id).exists():
        raise Refused(_("A chat is held in a newsroom of yours. Open that channel first."))
    if hour.starts_at <= now:
        raise Refused(_("That time has passed. Choose a later one."))
    if not hour.starts_at < hour.ends_at <= hour.starts_at + LONGEST:
        raise Refused(_("It ends after it begins, and within eight hours."))
    if hour.asks_from > hour.starts_at:
        raise Refused(_("Questions are taken from before it begins, or from when it does."))


def may_convene(hour: ChatHour, by: Member, now: datetime) -> None:
    """The second person."""
    if Role.APPROVER not in by.roles or by.agency_id != hour.agency_id:
        raise NotYours(_("Only approvers announce a chat."))
    agency_rules.must_have_drilled(by)
    must_be_another(
        hour.written_by, by, _("You wrote it. A second person reads it before everybody does.")
    )
    must_be_possible(hour, now)


def must_be_asked_in(hour: ChatHour, conversation: Conversation) -> None:
    same = (hour.channel_id, hour.thread)
    if (conversation.channel_id, conversation.thread) != same:
        raise Refused(_("This was not asked in this chat."))
    if hour.state != HourState.ANNOUNCED:
        raise MovedOn(_("This chat is not open any more."))


def must_be_undecided(conversation: Conversation) -> None:
    if SetAside.objects.filter(conversation=conversation).exists():
        raise MovedOn(_("Somebody decided on this question a moment ago. Look again."))
    if rules.pending_of(conversation):
        raise Refused(_("An answer to it is on its way. Settle that first."))
    if conversation.answered_at:
        raise Refused(_("It is answered."))


def may_wind_up(hour: ChatHour, by: Member, now: datetime) -> None:
    rules.may_act(hour.agency_id, by)
    if now < hour.starts_at:
        raise Refused(_("It has not begun. Call it off if it cannot be."))


def must_be_settled(*, on_their_way: bool, urgent: bool) -> None:
    """Nobody who may need help is told that there was no time left."""
    if urgent:
        raise Refused(_("Somebody may need help. Look at these first, and hand them on."))
    if on_their_way:
        raise Refused(
            _("Answers are still on their way. Wait until they are seen, or settle them.")
        )
