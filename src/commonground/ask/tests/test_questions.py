"""From a draft to what was decided; and who may do what."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given as drawn, settings, strategies as st
from tests import given

from commonground.ask import actions, queries, tasks
from commonground.ask.models import Question
from commonground.ask.states import WORKFLOW, State
from commonground.ask.tests.world import a_draft, a_question, later
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db


def opened_by(question, member):
    return actions.open(question, read=queries.digest_of(question), by=member)


def test_nobody_opens_their_own_question():
    author = given.a_member(roles=["author", "approver"])
    with pytest.raises(NotYours, match="another person"):
        opened_by(a_draft(by=author), author)


def test_only_somebody_certified_opens_a_question():
    question = a_draft()
    second = given.a_member(agency=question.agency, roles=["approver"], certified=False)
    with pytest.raises(NotYours, match="certificate"):
        opened_by(question, second)


def test_a_yes_is_for_the_words_that_were_read():
    question = a_draft()
    second = given.a_member(agency=question.agency, roles=["approver"])
    read = queries.digest_of(question)
    actions.change(question, seeds=["One.", "Two.", "Three, quite other."], by=question.asked_by)
    with pytest.raises(MovedOn, match="changed since you read"):
        actions.open(question, read=read, by=second)


def test_whoever_changed_it_last_cannot_open_it():
    question = a_draft()
    second = given.a_member(agency=question.agency, roles=["author", "approver"])
    actions.change(question, title="Another title", seeds=["One", "Two", "Three"], by=second)
    with pytest.raises(NotYours, match="another person"):
        opened_by(question, second)


def test_opening_puts_the_first_statements_to_the_vote():
    question = a_question()
    assert set(question.statements.values_list("state", flat=True)) == {"accepted"}
    assert question.running


def test_what_people_vote_on_does_not_change_once_it_is_open():
    question = a_question()
    with pytest.raises(Refused, match="does not change"):
        actions.change(question, title="Quite another", by=question.asked_by)


def test_a_question_with_two_statements_does_not_open():
    question = a_draft(seeds=["One.", "Two."])
    with pytest.raises(Refused, match="three statements"):
        opened_by(question, given.a_member(agency=question.agency, roles=["approver"]))


def test_addresses_are_asked_for_only_where_e_mail_can_be_sent():
    question = a_draft(tiers=["confirmed"])
    with pytest.raises(Refused, match="sends no e-mail"):
        opened_by(question, given.a_member(agency=question.agency, roles=["approver"]))


def test_a_question_for_later_is_not_open_yet():
    question = a_question(opens_at=later(days=2), closes_at=later(days=9))
    assert question.not_yet
    assert not question.running
    with time_machine.travel(later(days=3)):
        assert question.running
    with time_machine.travel(later(days=10)):
        assert not question.running


def test_the_clock_closes_what_is_over():
    question = a_question(closes_at=later(days=1))
    with time_machine.travel(later(days=2)):
        tasks.end_what_is_over()
    question.refresh_from_db()
    assert question.state == State.CLOSED
    assert Entry.objects.filter(verb="end").exists()


def test_one_may_pause_but_only_an_approver_resumes():
    question = a_question()
    actions.pause(question, reason="A statement names somebody.", by=question.asked_by)
    with pytest.raises(NotYours):
        actions.resume(question, by=question.asked_by)
    actions.resume(question, by=given.a_member(agency=question.agency, roles=["approver"]))
    assert question.running


def test_a_finding_says_what_was_decided_and_why():
    question = a_question()
    boss = given.a_member(agency=question.agency, roles=["approver"])
    actions.close(question, by=boss)
    with pytest.raises(Refused, match="what was decided"):
        actions.publish(question, decided=" ", not_decided="", why="", by=boss)
    actions.publish(question, decided="A patrol on foot.", not_decided="", why="14 asked.", by=boss)
    assert question.state == State.PUBLISHED
    assert Entry.objects.get(verb="publish").detail["decided"] == "A patrol on foot."


def test_another_agency_decides_nothing_here():
    question, stranger = a_question(), given.a_member(roles=["author", "approver", "admin"])
    for act in (
        lambda: actions.pause(question, reason="No", by=stranger),
        lambda: actions.close(question, by=stranger),
        lambda: actions.tell_the_public(question, by=stranger),
        lambda: actions.make_codes(question, many=1, by=stranger),
    ):
        with pytest.raises(NotYours):
            act()


def test_the_key_that_ties_ballots_to_people_goes_thirty_days_after_closing():
    question = a_question(tiers=["resident", "open"])
    boss = given.a_member(agency=question.agency, roles=["approver", "admin"])
    actions.make_codes(question, many=3, by=boss)
    actions.close(question, by=boss)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        tasks.forget()
    assert Question.objects.get(pk=question.pk).key
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tasks.forget()
    question.refresh_from_db()
    assert question.key == {}
    assert question.codes.count() == 0
    assert Entry.objects.filter(verb="forget_key").count() == 1


def test_a_finding_becomes_a_draft_that_goes_the_way_of_every_post():
    question = a_question()
    post = actions.tell_the_public(question, by=question.asked_by)
    assert post.state == "draft"
    assert post.title == question.title
    assert f"/ask/{question.word}/" in post.text


@settings(max_examples=40)
@drawn(st.lists(st.sampled_from(sorted(WORKFLOW.transitions)), max_size=12))
def test_however_it_goes_nothing_opens_without_open_and_nothing_reopens_once_closed(steps):
    state, been = WORKFLOW.first, []
    for step in steps:
        state = WORKFLOW.after(step, state) or state
        been.append(state)
    if State.OPEN in been:
        assert "open" in steps
    if State.CLOSED in been:
        assert State.OPEN not in been[been.index(State.CLOSED) :]
