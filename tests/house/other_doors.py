"""Behind the doors of other rooms that need more than the address says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from commonground.agency.models import Member
from commonground.agency.states import FirstDrill
from commonground.answer import actions as answer
from commonground.answer.models import ChatHour, Conversation, Why
from commonground.answer.tests.talking import an_hour
from commonground.answer.tests.world import hear, words
from commonground.channels.models import Authorisation
from commonground.learn.tests.given import a_mistake, an_article
from commonground.spot.tests.together import a_shared_moment, an_invitation
from commonground.train import actions as train, queries
from commonground.train.models import Reading
from commonground.train.tests.held import a_recording_of
from tests import given
from tests.house.say_doors import Behind, Desk


def a_voice(desk: Desk) -> Behind:
    channel = given.a_channel(agency=desk.agency, authorised=[desk.author])
    mine = Authorisation.objects.get(channel=channel)
    return Behind({"channel_id": channel.pk, "number": mine.pk})


def an_account(desk: Desk) -> Behind:
    """On a network that is not our own: there somebody else keeps it."""
    channel = given.a_channel(agency=desk.agency, network="mastodon")
    return Behind({"channel_id": channel.pk})


def two_moments(desk: Desk) -> Behind:
    one, into = given.a_moment(agency=desk.agency), given.a_moment(agency=desk.agency)
    return Behind({"moment_id": one.pk}, lambda: {"into": f"{into.pk}"})


def a_moment_beside_another_agency(desk: Desk) -> Behind:
    other = given.an_agency()
    asked = {"agency": f"{other.pk}", "shows": "in_review"}
    return Behind({"moment_id": given.a_moment(agency=desk.agency).pk}, lambda: asked)


def a_joint_desk(desk: Desk) -> Behind:
    partner = a_shared_moment(given.a_moment(agency=desk.agency))
    return Behind({"moment_id": partner.moment_id}, lambda: {"subject": "Roads", "who": "Bell"})


def an_invitation_to_us(desk: Desk) -> Behind:
    return Behind(
        {"partner_id": an_invitation(to=desk.agency).pk}, lambda: {"own": "", "shows": "published"}
    )


def an_invitation_of_ours(desk: Desk) -> Behind:
    return Behind({"partner_id": an_invitation(given.a_moment(agency=desk.agency)).pk})


def a_mistake_that_is(state: str) -> Callable[[Desk], Behind]:
    """In the state in which the button is there."""

    def made(desk: Desk) -> Behind:
        asked = {"asked_of": "Desk", "asked_at": timezone.now(), "due_on": timezone.localdate(),
                 "corrected_at": timezone.now()}  # fmt: skip
        mistake = a_mistake(by=desk.author, state=state, **asked)
        return Behind({"mistake_id": mistake.pk}, lambda: WRONG | {"due_on": f"{tomorrow()}"})

    return made


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def words_that_stand_there(desk: Desk) -> Behind:
    return Behind({"article_id": an_article(by=desk.author).pk}, lambda: WRONG)


def set_aside(desk: Desk) -> Behind:
    article = an_article(by=desk.author, set_aside_at=timezone.now(), set_aside_by=desk.author)
    return Behind({"article_id": article.pk})


def a_moment_that_is_over(desk: Desk) -> Behind:
    moment = given.a_moment(agency=desk.agency, state="acted", closed_at=timezone.now())
    return Behind({"moment_id": moment.pk}, lambda: {"went_well": "All of it."})


def a_question_of_a_chat(desk: Desk) -> Behind:
    """And another, to which it can be joined."""
    channel = given.a_channel(agency=desk.agency, network="site", authorised=[desk.author])
    hour = an_hour(channel, desk.author)
    one, other = (hear(channel, words(author=n, beneath=hour.place))[0] for n in ("a", "b"))
    things = {"hour_id": hour.pk, "conversation_id": one.conversation_id}
    return Behind(things, lambda: {"into": f"{other.conversation_id}", "why": "no_time"})


def a_question_put_aside(desk: Desk) -> Behind:
    asked = a_question_of_a_chat(desk)
    hour = ChatHour.objects.get(pk=asked.things["hour_id"])
    conversation = Conversation.objects.get(pk=asked.things["conversation_id"])
    answer.leave_out(hour, conversation, why=Why.NO_TIME, by=desk.author)
    return asked


def a_desk_for_drills(desk: Desk, **names: Any) -> Behind:
    """A drill is begun only where one is held, and no desk ever becomes such a one: all of its
    people go to one that is."""
    desk.agency.members.update(agency=given.an_agency(drill=True))
    return Behind(names)


def as_they_are(desk: Desk) -> Member:
    """Read anew: what is behind a door is undone after it, and they stand at the next one too."""
    return Member.objects.get(pk=desk.author.pk)


def a_recording(desk: Desk) -> Behind:
    behind = a_desk_for_drills(desk)
    behind.things["recording_id"] = a_recording_of(as_they_are(desk)).pk
    return behind


def every_lesson_read(desk: Desk) -> Behind:
    lessons = queries.course_named("speaking", "en").rules.lessons
    Reading.objects.bulk_create(
        Reading(member=member, course="speaking", lesson=lesson)
        for member in desk.agency.members.all()
        for lesson in lessons
    )
    return Behind({"course": "speaking"})


def somebody_new(desk: Desk) -> Behind:
    owes = type(desk.author).objects.filter(pk=desk.author.pk)
    owes.update(first_drill=FirstDrill.OWED)
    return Behind()


def somebody_new_to_lift(desk: Desk) -> Behind:
    somebody_new(desk)
    return Behind({"member_id": desk.author.pk}, lambda: {"reason": "So that it is tried."})


def their_first_drill(desk: Desk) -> Behind:
    somebody_new(desk)
    train.begin_first_drill(by=as_they_are(desk))
    return Behind()


WRONG = {"wrong": "It rained.", "right": "It snowed.", "answer": "They said so.", "where": "",
         "asked_of": "Desk"}  # fmt: skip

BEHIND = {
    "answer:join": a_question_of_a_chat,
    "answer:leave_out": a_question_of_a_chat,
    "answer:take_again": a_question_put_aside,
    "agency:lift_first_drill": somebody_new_to_lift,
    "train:first": somebody_new,
    "train:first_panel": somebody_new,
    "train:first_begin": somebody_new,
    "train:first_enter": their_first_drill,
    "train:first_leave": their_first_drill,
    "train:first_finish": their_first_drill,
    "train:begin_drill": partial(a_desk_for_drills, plan="crash"),
    "train:add_recording": a_desk_for_drills,
    "train:recording": a_recording,
    "train:remove_recording": a_recording,
    "train:course": lambda _desk: Behind({"course": "speaking"}),
    "train:begin": every_lesson_read,
    "train:lesson": lambda _desk: Behind({"course": "speaking", "lesson": "voice"}),
    "learn:confirm_mistake": a_mistake_that_is("suspected"),
    "learn:clear_outlet": a_mistake_that_is("confirmed"),
    "learn:ask_outlet": a_mistake_that_is("confirmed"),
    "learn:note_correction": a_mistake_that_is("asked"),
    "learn:note_no_correction": a_mistake_that_is("asked"),
    "learn:take_up_mistake": a_mistake_that_is("cleared"),
    "learn:mark_wrong": words_that_stand_there,
    "learn:put_back": set_aside,
    "learn:freeze_report": a_moment_that_is_over,
    "learn:look_back": a_moment_that_is_over,
    "channels:end_authorisation": a_voice,
    "channels:reconfirm": a_voice,
    "protect:check_account": an_account,
    "spot:merge": two_moments,
    "spot:ask_agency": a_moment_beside_another_agency,
    "spot:joint": a_joint_desk,
    "spot:add_fact": a_joint_desk,
    "spot:speak_on": a_joint_desk,
    "spot:accept": an_invitation_to_us,
    "spot:turn_down": an_invitation_to_us,
    "spot:call_off": an_invitation_of_ours,
    "say:joint_panel": a_joint_desk,
    "learn:figures": a_joint_desk,
}
