"""What two people decided is done at the network, undone there, and told to whoever it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import given

from commonground.answer import actions
from commonground.answer.models import Measure
from commonground.answer.queries.measures import notice_words, work_of
from commonground.answer.tasks.measures import (
    carry_out_measures,
    end_what_is_over,
    tell_authors,
)
from commonground.answer.tests.world import WHY, a_conversation, a_measure, a_policy
from commonground.channels.contract.moderating import Act
from commonground.channels.contract.pretend import Fault, Trouble
from commonground.kit.refusals import MovedOn, Refused
from commonground.protect.models import Hold
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(place):
    found = a_conversation("You will pay for this, I know where you live", author="ana")
    a_policy(found.agency)
    return found


def later(measure):
    """Its next turn has come."""
    Measure.objects.filter(pk=measure.pk).update(
        next_at=timezone.now(), tell_next_at=timezone.now()
    )


def turn(measure):
    later(measure)
    tell_authors()
    carry_out_measures()
    measure.refresh_from_db()


def test_a_mute_is_done_there_and_undone_at_its_end(conversation, place):
    measure = a_measure(conversation, kind=Act.MUTE)
    turn(measure)
    assert place.acts == {(Act.MUTE, "ana")}
    assert measure.stands
    Measure.objects.update(until=timezone.now())
    end_what_is_over()
    turn(measure)
    assert place.acts == set()
    assert (measure.state, measure.stands, measure.begun) == ("over", False, False)
    assert Entry.objects.filter(verb__in=["carry_out", "undo_measure"]).count() == 2
    turn(measure)
    assert Entry.objects.filter(verb__in=["carry_out", "undo_measure"]).count() == 2


def test_nobody_is_blocked_before_they_were_told(conversation, place):
    measure = a_measure(conversation, kind=Act.BLOCK)
    place.script(Trouble(Fault.BUSY, on="tell"))
    turn(measure)
    assert place.acts == set()
    turn(measure)
    assert place.told[measure.pk.hex][0] == "ana"
    assert place.acts == {(Act.BLOCK, "ana")}


def test_the_words_name_the_rule_and_a_link_that_opens_the_page(conversation, place, client):
    measure = a_measure(conversation, kind=Act.MUTE)
    words = notice_words(measure)
    assert "rule 2" in words
    assert WHY not in words  # why stands behind the link
    assert len(words) < 480
    path = "/" + words.split("/", 3)[3]
    assert measure.token in path
    assert client.get(path).status_code == 200


def test_what_is_lost_on_the_way_is_asked_again_and_told_once(conversation, place):
    measure = a_measure(conversation, kind=Act.MUTE)
    place.script(Trouble(Fault.UNSURE_AFTER, on="tell"), Trouble(Fault.UNSURE_BEFORE, on="impose"))
    turn(measure)
    assert (measure.stands, measure.told_at) == (False, None)
    turn(measure)
    assert measure.stands
    assert measure.told_at
    assert len(place.told) == 1
    assert Entry.objects.filter(verb="tell_author").count() == 1


def test_what_was_ended_while_nobody_knew_is_undone_all_the_same(conversation, place):
    measure = a_measure(conversation, kind=Act.MUTE)
    tell_authors()
    place.script(Trouble(Fault.UNSURE_AFTER, on="impose"))
    turn(measure)
    assert place.acts
    actions.end(measure, reason=WHY, by=given.a_member(agency=measure.agency))
    turn(measure)
    assert place.acts == set()


def test_a_network_that_says_no_gives_it_to_a_person(conversation, place):
    measure = a_measure(conversation, kind=Act.MUTE)
    tell_authors()
    place.script(Trouble(Fault.DECLINED, on="impose", why="No such account."))
    turn(measure)
    assert work_of(measure.agency).by_hand == [measure]
    assert measure.trouble == "No such account."
    actions.note_by_hand(measure, by=given.a_member(agency=measure.agency))
    assert (measure.stands, work_of(measure.agency).by_hand) == (True, [])
    actions.end(measure, reason=WHY, by=given.a_member(agency=measure.agency))
    assert work_of(measure.agency).by_hand == [measure]  # what a person did, a person undoes
    actions.note_by_hand(measure, by=given.a_member(agency=measure.agency))
    with pytest.raises(MovedOn):
        actions.note_by_hand(measure, by=given.a_member(agency=measure.agency))


def test_where_a_network_has_no_such_act_a_person_is_asked_at_once(conversation, place):
    measure = a_measure(conversation, kind=Act.HIDE)
    turn(measure)
    assert place.acts == set()
    assert work_of(measure.agency).by_hand == [measure]
    assert measure.told_at  # they are told all the same


def test_where_nobody_can_be_told_alone_a_person_does_it_and_says_how():
    there = a_conversation("I know where you live", channel=given.a_channel(network="bluesky"))
    measure = a_measure(there, kind=Act.BLOCK)
    assert work_of(measure.agency).untold == [measure]
    by = given.a_member(agency=measure.agency)
    with pytest.raises(Refused):
        actions.note_told_by_hand(measure, how=" ", by=by)
    actions.note_told_by_hand(measure, how="In a private message", by=by)
    assert measure.told_at
    assert work_of(measure.agency).untold == []


def test_while_everything_is_stopped_nothing_changes_anywhere(conversation, place):
    measure = a_measure(conversation, kind=Act.MUTE)
    hold = Hold.objects.create(
        agency=measure.agency, reason="Hacked?", by=given.a_member(agency=measure.agency)
    )
    turn(measure)
    assert (place.acts, place.told) == (set(), {})
    hold.delete()
    turn(measure)
    assert place.acts


def test_an_appeal_that_is_found_right_is_undone_there(conversation, place):
    measure = a_measure(conversation, kind=Act.MUTE)
    turn(measure)
    appeal = actions.appeal(measure, text="I meant the bill.")
    judge = given.a_member(agency=measure.agency, roles=["approver"])
    actions.grant(appeal, reason="They meant the bill.", by=judge)
    turn(measure)
    assert place.acts == set()
    assert measure.state == "restored"


def test_the_same_again_waits_until_the_former_is_undone(conversation, place):
    measure = a_measure(conversation, kind=Act.MUTE)
    turn(measure)
    actions.end(measure, reason=WHY, by=given.a_member(agency=measure.agency))
    with pytest.raises(Refused, match="still being undone"):
        a_measure(conversation, kind=Act.MUTE)
    turn(measure)
    again = Measure.objects.get(state="asked")
    actions.allow(again, by=given.a_member(agency=again.agency, roles=["approver"]))
    turn(again)
    assert place.acts == {(Act.MUTE, "ana")}


def test_two_workers_do_it_once(conversation, place):
    from commonground.answer.actions.measures import take_turn

    measure = a_measure(conversation, kind=Act.MUTE)
    seen = Measure.objects.get(pk=measure.pk)
    assert take_turn(measure)
    assert not take_turn(seen)


def test_an_appeal_past_its_time_is_the_first_thing_that_waits(conversation, place):
    appeal = actions.appeal(a_measure(conversation, kind=Act.MUTE), text="No.")
    assert work_of(conversation.agency).late == []
    type(appeal).objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert work_of(conversation.agency).late == [appeal]
