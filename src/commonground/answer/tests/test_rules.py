"""Who may read what people wrote, and who answers: the whole table."""

import pytest
from tests import given

from commonground.agency.states import Role
from commonground.answer import rules
from commonground.answer.tests.world import a_conversation
from commonground.kit.refusals import NotYours, Refused

pytestmark = pytest.mark.django_db


def allowed(rule, *words):
    try:
        rule(*words)
    except Refused:
        return False
    return True


def test_each_role_may_what_the_table_says():
    agency = given.an_agency()
    for role in Role:
        by = given.a_member(agency=agency, roles=[role])
        reads = role in (Role.AUTHOR, Role.APPROVER, Role.AUDITOR, Role.RECORDS)
        assert allowed(rules.may_read, by) is reads
        assert allowed(rules.may_read_figures, by) is (reads or role == Role.ADMIN)
        assert allowed(rules.may_act, agency.pk, by) is (role == Role.AUTHOR)
        assert allowed(rules.may_have, by, agency) is (role == Role.AUTHOR)
        assert allowed(rules.may_promise, agency, by) is (role == Role.ADMIN)


def test_nobody_from_elsewhere_acts_has_or_promises():
    agency, stranger = given.an_agency(), given.a_member(roles=[*Role])
    for rule, words in [(rules.may_act, (agency.pk, stranger)),
                        (rules.may_promise, (agency, stranger))]:  # fmt: skip
        with pytest.raises(NotYours):
            rule(*words)
    with pytest.raises(Refused):
        rules.may_have(stranger, agency)
    asleep = given.a_member(agency=agency, is_active=False)
    with pytest.raises(Refused):
        rules.may_have(asleep, agency)


def test_there_must_be_something_to_say_and_something_to_say_it_to():
    assert rules.must_say_something("  Yes.\n") == "Yes."
    with pytest.raises(Refused):
        rules.must_say_something(" \n ")
    conversation = a_conversation()
    rules.must_hold_words(conversation)
    conversation.emptied_at = conversation.last_at
    with pytest.raises(Refused):
        rules.must_hold_words(conversation)
