"""Two people never answer the same thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.answer import actions, queries
from commonground.answer.engine.triage import Kind
from commonground.answer.models import CLAIM_LASTS, Conversation, Judgement, Priority
from commonground.answer.states import WORKFLOW, State
from commonground.answer.tests.world import a_conversation, an_answerer
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry

CLAIMS = 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_fifty_who_claim_at_once_give_one_owner():
    conversation = a_conversation()
    people = [an_answerer(conversation.channel) for _ in range(CLAIMS)]
    start = Barrier(CLAIMS)

    def attempt(member):
        ours = Conversation.objects.get(pk=conversation.pk)
        start.wait(timeout=60)
        try:
            return actions.claim(ours, by=member).owner_id
        except MovedOn:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(CLAIMS) as threads:
        won = [pk for pk in threads.map(attempt, people) if pk]
    conversation.refresh_from_db()
    assert won == [conversation.owner_id]
    assert Entry.objects.filter(verb="claim").count() == 1


@pytest.mark.django_db
class TestHands:
    @pytest.fixture
    def conversation(self):
        return a_conversation()

    @pytest.fixture
    def ben(self, conversation):
        return an_answerer(conversation.channel, name="Ben")

    @pytest.fixture
    def eve(self, conversation):
        return an_answerer(conversation.channel, name="Eve")

    def test_whoever_comes_second_hears_who_has_it(self, conversation, ben, eve):
        actions.claim(conversation, by=ben)
        with pytest.raises(MovedOn, match="Ben"):
            actions.claim(conversation, by=eve)

    def test_a_claim_ends_by_itself(self, conversation, ben, eve):
        actions.claim(conversation, by=ben)
        past = timezone.now() - timedelta(seconds=1)
        Conversation.objects.update(claimed_until=past)
        conversation.refresh_from_db()
        assert conversation.holder(timezone.now()) is None
        actions.claim(conversation, by=eve)
        conversation.refresh_from_db()
        assert conversation.owner == eve

    def test_claiming_what_one_has_is_no_new_entry_and_lasts_anew(self, conversation, ben):
        actions.claim(conversation, by=ben)
        Conversation.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
        actions.claim(conversation, by=ben)
        conversation.refresh_from_db()
        left = conversation.claimed_until - timezone.now()
        assert left > CLAIM_LASTS - timedelta(minutes=1)
        assert Entry.objects.filter(verb="claim").count() == 1

    def test_what_was_given_to_somebody_does_not_run_out(self, conversation, ben, eve):
        actions.claim(conversation, by=ben)
        actions.pass_on(conversation, to=eve, note="She asked twice.", by=ben)
        conversation.refresh_from_db()
        assert (conversation.owner, conversation.claimed_until) == (eve, None)
        assert conversation.notes.get().said["text"] == "She asked twice."
        with pytest.raises(MovedOn):
            actions.claim(conversation, by=ben)
        assert list(queries.page_of("mine", eve, timezone.now()).rows) == [conversation]
        actions.let_go(conversation, by=eve)
        actions.claim(conversation, by=ben)

    def test_only_those_who_answer_are_given_anything(self, conversation, ben):
        for other in (given.a_member(), given.a_member(agency=ben.agency, roles=["auditor"])):
            with pytest.raises(Refused):
                actions.pass_on(conversation, to=other, note="", by=ben)

    def test_what_is_in_other_hands_is_neither_put_off_nor_closed(self, conversation, ben, eve):
        actions.claim(conversation, by=ben)
        later = timezone.now() + timedelta(hours=1)
        for act in (
            lambda: actions.snooze(conversation, until=later, by=eve),
            lambda: actions.close(conversation, by=eve),
            lambda: actions.let_go(conversation, by=eve),
            lambda: actions.pass_on(conversation, to=eve, note="", by=eve),
        ):
            with pytest.raises(MovedOn):
                act()

    def test_what_was_put_off_comes_back(self, conversation, ben):
        from commonground.answer.tasks import wake_what_slept

        actions.snooze(conversation, until=timezone.now() + timedelta(hours=1), by=ben)
        wake_what_slept()
        conversation.refresh_from_db()
        assert conversation.state == State.WAITING
        Conversation.objects.update(snoozed_until=timezone.now() - timedelta(seconds=1))
        wake_what_slept()
        conversation.refresh_from_db()
        assert (conversation.state, conversation.snoozed_until) == (State.OPEN, None)

    def test_the_past_is_no_time_to_put_it_off_to(self, conversation, ben):
        with pytest.raises(Refused):
            actions.snooze(conversation, until=timezone.now(), by=ben)

    def test_a_person_says_how_much_it_matters(self, conversation, ben):
        actions.set_priority(conversation, priority=Priority.URGENT, by=ben)
        conversation.refresh_from_db()
        assert conversation.priority == conversation.rank == Priority.URGENT

    def test_an_emergency_is_handed_to_somebody_by_name(self, conversation, ben):
        with pytest.raises(Refused):
            actions.raise_emergency(conversation, told="dispatch", took=" ", by=ben)
        actions.raise_emergency(conversation, told="dispatch, by phone", took="Lee 4471", by=ben)
        conversation.refresh_from_db()
        assert conversation.rank == Priority.URGENT
        assert "Lee 4471" in conversation.notes.get().said["text"]
        assert Entry.objects.filter(verb="raise_emergency").count() == 1

    @pytest.mark.parametrize("roles", [["approver"], ["auditor"], ["records"], ["trainer"]])
    def test_those_who_do_not_answer_do_nothing(self, conversation, roles):
        other = given.a_member(agency=conversation.agency, roles=roles)
        with pytest.raises(NotYours):
            actions.claim(conversation, by=other)
        with pytest.raises(NotYours):
            actions.add_note(conversation, text="x", by=other)

    def test_another_agency_does_nothing(self, conversation):
        with pytest.raises(NotYours):
            actions.claim(conversation, by=given.a_member())

    def test_saying_that_it_is_no_emergency_takes_it_from_the_top(self, ben):
        urgent = a_conversation(
            "He has a knife and he is breaking in our door, send police now",
            channel=an_answerer_channel(ben),
        )
        assert urgent.rank < Priority.NORMAL
        message = urgent.messages.get()
        for proposal in message.proposals:
            actions.judge(message, kind=Kind(proposal["kind"]), is_right=False, by=ben)
        urgent.refresh_from_db()
        assert urgent.rank == Priority.NORMAL
        actions.judge(message, kind=Kind.EMERGENCY, is_right=True, by=ben)
        message.conversation.refresh_from_db()
        assert message.conversation.rank == Priority.URGENT
        assert Judgement.objects.filter(kind="emergency").count() == 1


def an_answerer_channel(member):
    return member.agency.channels.first()


def test_every_state_is_left_again():
    for state in State:
        assert any(state in t.before and t.after != state for t in WORKFLOW.transitions.values())
