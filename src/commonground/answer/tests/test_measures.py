"""Hide, mute, block: a published rule, a reason, a copy, the smallest first, two people, an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests import given

from commonground.answer import actions
from commonground.answer.models import Conversation, Measure
from commonground.answer.states import MeasureState
from commonground.answer.tests.world import (
    RULES,
    WHY,
    a_conversation,
    a_measure,
    a_policy,
    an_asked_measure,
)
from commonground.channels.contract.moderating import Act
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.engine.acts import MODERATION, OPEN
from commonground.record.models import Entry, LegalHold

pytestmark = pytest.mark.django_db
HOME = "The mayor lives in 14 Bridge Street, go and tell him"


@pytest.fixture
def conversation():
    found = a_conversation(HOME)
    a_policy(found.agency)
    return found


def an_approver(thing, **but):
    return given.a_member(agency=thing.agency, roles=["approver"], **but)


def test_without_a_published_rule_nothing_is_hidden():
    bare = a_conversation(HOME)
    with pytest.raises(Refused, match="no comment policy in force"):
        actions.ask_for_measure(
            bare, bare.messages.get(), kind=Act.HIDE, rule=1, reason=WHY, why_not_less=WHY,
            until=None, by=given.a_member(agency=bare.agency),
        )  # fmt: skip
    with pytest.raises(Refused, match="no such rule"):
        an_asked_measure(a_conversation(HOME), rule=len(RULES) + 1)
    assert not Measure.objects.exists()


def test_a_policy_needs_a_second_person_and_replaces_the_former(conversation):
    agency = conversation.agency
    writer = given.a_member(agency=agency, roles=["admin", "approver"])
    twin = given.a_member(agency=agency, roles=["approver"], same_as=writer)
    policy = actions.propose_policy(
        agency, about="Ask.", rules_said=["No threats."], appeal_hours=24, language="en", by=writer
    )
    for same in (writer, twin):
        with pytest.raises(NotYours, match="second person"):
            actions.publish(policy, by=same)
    actions.publish(policy, by=an_approver(conversation))
    first = agency.comment_policies.get(number=1)
    assert (policy.number, policy.state, first.state) == (2, "in_force", "replaced")
    assert first.until is not None


def test_what_was_done_under_a_version_stays_under_it(conversation):
    measure = a_measure(conversation)
    a_policy(conversation.agency, "Another rule entirely.")
    measure.refresh_from_db()
    assert (measure.policy.number, measure.rule_words) == (1, RULES[1])


@pytest.mark.parametrize("who", ["the same", "a second account", "the same mailbox"])
def test_it_takes_a_second_person(conversation, who):
    asker = given.a_member(
        agency=conversation.agency, roles=["author", "approver"], email="ada@police.example"
    )
    measure = an_asked_measure(conversation, by=asker)
    second = {
        "the same": lambda: asker,
        "a second account": lambda: an_approver(measure, same_as=asker),
        "the same mailbox": lambda: an_approver(measure, email="ada+2@police.example"),
    }[who]()
    for decide in (actions.allow, lambda m, by: actions.turn_down(m, reason=WHY, by=by)):
        with pytest.raises(NotYours, match="second person"):
            decide(measure, by=second)
    measure.refresh_from_db()
    assert measure.state == MeasureState.ASKED
    with transaction.atomic(), pytest.raises(IntegrityError):
        Measure.objects.filter(pk=measure.pk).update(agreed_by=asker)


def test_only_an_approver_of_this_agency_agrees(conversation):
    measure = an_asked_measure(conversation)
    author = given.a_member(agency=conversation.agency)
    stranger = given.a_member(roles=["approver"])
    for other in (author, stranger):
        with pytest.raises(NotYours):
            actions.allow(measure, by=other)


def test_a_block_is_refused_where_nothing_smaller_was_tried(conversation):
    with pytest.raises(Refused, match="Nothing smaller"):
        an_asked_measure(conversation, kind=Act.BLOCK, why_not_less="")
    Conversation.objects.filter(pk=conversation.pk).update(answered_at=timezone.now())
    with pytest.raises(Refused, match="Nothing smaller"):  # an answer is not the step before it
        an_asked_measure(conversation, kind=Act.BLOCK, why_not_less="")
    an_asked_measure(conversation, kind=Act.MUTE, why_not_less="")
    a_measure(conversation, kind=Act.HIDE, why_not_less="")
    an_asked_measure(conversation, kind=Act.BLOCK, why_not_less="")


def test_what_was_only_asked_for_was_not_tried(conversation):
    an_asked_measure(conversation, kind=Act.HIDE)
    with pytest.raises(Refused, match="Nothing smaller"):
        an_asked_measure(conversation, kind=Act.BLOCK, why_not_less="")


def test_nobody_is_muted_or_blocked_for_good(conversation):
    for until in (None, timezone.now(), timezone.now() + timedelta(days=366)):
        with pytest.raises(Refused):
            an_asked_measure(conversation, kind=Act.MUTE, until=until)
    assert an_asked_measure(conversation, kind=Act.HIDE).until is None


def test_nobody_is_shut_out_for_what_they_wrote_to_us_alone():
    alone = a_conversation("You are all pigs", public=False)
    with pytest.raises(Refused, match="alone"):
        an_asked_measure(alone, kind=Act.BLOCK)


def test_a_reason_is_a_sentence(conversation):
    with pytest.raises(Refused, match="sentence"):
        an_asked_measure(conversation, reason="rude")


def test_it_is_asked_for_once(conversation):
    an_asked_measure(conversation)
    with pytest.raises(Refused, match="already"):
        an_asked_measure(conversation)


def test_the_copy_holds_the_thread_and_outlives_what_was_written(conversation):
    measure = an_asked_measure(conversation)
    conversation.messages.update(said={})
    measure.refresh_from_db()
    assert measure.copy["message"]["text"] == HOME
    assert [one["text"] for one in measure.copy["thread"]] == [HOME]
    assert measure.aim.author


def test_the_copy_is_sealed_and_nothing_of_theirs_stands_in_clear(conversation):
    measure = a_measure(conversation, reason=f"It says: {HOME}")
    actions.appeal(measure, text="I only asked where he lives.")
    with connection.cursor() as cursor:
        for table in ("measure", "appeal"):
            cursor.execute(f"SELECT * FROM commonground_answer_{table}")  # noqa: S608
            assert "Bridge Street" not in str(cursor.fetchall())
    for entry in Entry.objects.filter(type__in=MODERATION):
        leaf = bytes(entry.leaf).decode()
        assert "Bridge Street" not in leaf
        shown = {n: v for n, v in entry.facts.items() if n in OPEN[entry.type]}
        assert "Bridge Street" not in str(shown)
        assert "ana" not in str(shown)


def test_ending_it_takes_one_person_and_a_reason(conversation):
    measure = a_measure(conversation)
    with pytest.raises(Refused):
        actions.end(measure, reason="ok", by=given.a_member(agency=measure.agency))
    actions.end(measure, reason=WHY, by=given.a_member(agency=measure.agency))
    assert (measure.state, measure.ended_at is None) == (MeasureState.OVER, False)


def test_two_who_decide_at_once_are_one_decision(conversation):
    measure = an_asked_measure(conversation)
    seen = Measure.objects.get(pk=measure.pk)
    actions.allow(measure, by=an_approver(measure))
    with pytest.raises(MovedOn):
        actions.turn_down(seen, reason=WHY, by=an_approver(measure))


def test_an_appeal_is_decided_by_somebody_who_had_no_part_in_it(conversation):
    both = ["author", "approver"]
    asker = given.a_member(agency=conversation.agency, roles=both)
    measure = an_asked_measure(conversation, by=asker)
    agreer = an_approver(measure)
    actions.allow(measure, by=agreer)
    appeal = actions.appeal(measure, text="It is a public office.")
    twin = an_approver(measure, same_as=agreer)
    for part in (asker, agreer, twin):
        for decide in (actions.grant, actions.uphold):
            with pytest.raises(NotYours, match="no part"):
                decide(appeal, reason=WHY, by=part)
    actions.grant(appeal, reason="It is the address of the town hall.", by=an_approver(measure))
    measure.refresh_from_db()
    assert (measure.state, appeal.state) == (MeasureState.RESTORED, "granted")


def test_an_appeal_has_its_own_clock_from_the_policy(conversation):
    appeal = actions.appeal(a_measure(conversation), text="No.")
    assert appeal.due_at - appeal.at == timedelta(hours=24)
    assert not appeal.is_late


def test_an_upheld_measure_stays_and_nobody_appeals_twice(conversation):
    measure = a_measure(conversation)
    appeal = actions.appeal(measure, text="No.")
    with pytest.raises(MovedOn):
        actions.appeal(measure, text="No, no.")
    actions.uphold(appeal, reason=WHY, by=an_approver(measure))
    measure.refresh_from_db()
    assert measure.state == MeasureState.IN_FORCE
    with pytest.raises(MovedOn):
        actions.grant(appeal, reason=WHY, by=an_approver(measure))


def test_a_copy_goes_after_three_years_unless_a_legal_hold_keeps_it(conversation):
    measure = a_measure(conversation)
    actions.end(measure, reason=WHY, by=given.a_member(agency=measure.agency))
    assert not actions.forget_copy(measure)
    Measure.objects.update(ended_at=timezone.now() - timedelta(days=3 * 365 + 1))
    hold = LegalHold.objects.create(
        agency=str(measure.agency_id), name="Suit", reason="Court", asked_by="1"
    )
    assert not actions.forget_copy(measure)
    hold.delete()
    assert actions.forget_copy(measure)
    measure.refresh_from_db()
    assert (measure.copy, measure.said) == ({}, {})


def test_a_word_that_a_network_hides_needs_a_legal_ground(conversation):
    admin = given.a_member(agency=conversation.agency, roles=["admin"])
    with pytest.raises(Refused, match="legal ground"):
        actions.note_filter(
            conversation.channel, strength="strong", words="pig", ground="", by=admin
        )
