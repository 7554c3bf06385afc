"""Who may stop, start again and decide, role by role: the whole table."""

import pytest
from django.utils import timezone
from tests import given

from commonground.agency.states import Role
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.protect import rules
from commonground.protect.models import Alarm, Hold, Impostor
from commonground.protect.states import ALARM, IMPOSTOR

pytestmark = pytest.mark.django_db
TO_RESTART = {Role.APPROVER, Role.ADMIN}


@pytest.fixture
def agency():
    return given.an_agency()


def allowed(rule, *words, by):
    try:
        rule(*words, by)
    except Refused:
        return False
    return True


def of_each_role(agency):
    return {role: given.a_member(agency=agency, roles=[role]) for role in Role}


def test_each_role_may_what_the_table_says_and_nobody_elsewhere_anything(agency):
    channel = given.a_channel(agency=agency, network="mastodon")
    alarm = Alarm.objects.create(agency=agency, channel=channel, what="foreign", network_id="1")
    case = Impostor.objects.create(
        agency=agency, known_as="1", network="x", handle="@rea1_us", likeness="looks"
    )
    hold = Hold.objects.create(agency=agency, reason="Hacked?", by=given.a_member(agency=agency))
    for role, by in of_each_role(agency).items():
        decides, runs, works = role == Role.APPROVER, role in TO_RESTART, role != Role.AUDITOR
        assert all(allowed(rules.may, alarm, t, by=by) is decides for t in ALARM.transitions)
        assert all(
            allowed(rules.may_decide, case, t, by=by) is decides for t in IMPOSTOR.transitions
        )
        assert allowed(rules.may_check, channel, by=by) is runs
        assert allowed(rules.may_look_again, agency, by=by) is runs
        assert allowed(rules.may_agree_to_restart, hold, by=by) is runs
        assert allowed(rules.may_add_impostor, agency, by=by) is works
        assert allowed(rules.may_stop, by=by) is works
    stranger = given.a_member(roles=[*Role])
    theirs = [
        (rules.may_check, channel), (rules.may_look_again, agency),
        (rules.may_agree_to_restart, hold), (rules.may_add_impostor, agency),
    ]  # fmt: skip
    for rule, thing in theirs:
        with pytest.raises(NotYours):
            rule(thing, stranger)
    for rule, thing, verb in [(rules.may, alarm, "explain"), (rules.may_decide, case, "report")]:
        with pytest.raises(NotYours):
            rule(thing, verb, stranger)


def test_a_foreign_post_is_removed_once_somebody_said_it_was_not_us(agency):
    approver = given.a_member(agency=agency, roles=["approver"])
    alarm = Alarm.objects.create(
        agency=agency, channel=given.a_channel(agency=agency), what="foreign", network_id="1"
    )
    with pytest.raises(MovedOn):
        rules.may_remove(alarm, approver)
    with pytest.raises(NotYours):
        rules.may_remove(alarm, given.a_member(agency=agency, roles=["admin"]))


def test_starting_again_takes_two_and_happens_once(agency):
    one, two = (given.a_member(agency=agency, roles=["admin"]) for _ in range(2))
    hold = Hold.objects.create(agency=agency, reason="Hacked?", by=one, first_yes=one)
    with pytest.raises(NotYours):
        rules.may_agree_to_restart(hold, one)
    rules.may_agree_to_restart(hold, two)
    hold.lifted_at = timezone.now()
    with pytest.raises(MovedOn):
        rules.may_agree_to_restart(hold, two)
