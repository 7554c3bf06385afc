"""Who may do what, role by role: the whole table, not samples of it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import given

from commonground.agency import rules
from commonground.agency.models import RECOVERY_WAITS, Recovery
from commonground.agency.states import Role
from commonground.kit.refusals import NotYours, Refused

pytestmark = pytest.mark.django_db


def allowed(rule, *thing, by):
    try:
        rule(*thing, by)
    except Refused:
        return False
    return True


@pytest.fixture
def agency():
    return given.an_agency()


def of_each_role(agency):
    return {role: given.a_member(agency=agency, roles=[role]) for role in Role}


def test_only_administrators_change_who_is_on_the_desk(agency):
    member = given.a_member(agency=agency)
    for role, by in of_each_role(agency).items():
        may = role == Role.ADMIN
        assert allowed(rules.may_change_members, by=by) is may
        assert allowed(rules.may_change, member, by=by) is may
        assert allowed(rules.may_link, member, None, by=by) is may
        assert allowed(rules.may_renew_invitation, member, by=by) is may
        assert allowed(rules.may_end_sign_ins, member, by=by) is may
        assert allowed(rules.may_ask_to_recover, member, by=by) is may
        assert allowed(rules.may_award, member, by=by) is (role == Role.TRAINER)


def test_nobody_does_it_to_another_agencys_member_nor_to_themselves(agency):
    me, stranger = given.a_member(agency=agency, roles=[*Role]), given.a_member()
    for rule in (rules.may_change, rules.may_award, rules.may_renew_invitation,
                 rules.may_ask_to_recover, rules.may_end_sign_ins):  # fmt: skip
        with pytest.raises(NotYours):
            rule(stranger, me)
    for rule in (rules.may_change, rules.may_award, rules.may_renew_invitation,
                 rules.may_ask_to_recover):  # fmt: skip
        with pytest.raises(NotYours):
            rule(me, me)
    assert allowed(rules.may_end_sign_ins, me, by=me)  # one's own are one's own


def test_one_account_is_linked_with_another_of_the_same_agency(agency):
    admin, member = given.a_member(agency=agency, roles=["admin"]), given.a_member(agency=agency)
    assert allowed(rules.may_link, member, given.a_member(agency=agency), by=admin)
    with pytest.raises(NotYours):
        rules.may_link(member, given.a_member(), admin)
    with pytest.raises(Refused):
        rules.may_link(member, member, admin)


def test_an_agency_keeps_an_administrator(agency):
    one = given.a_member(agency=agency, roles=["admin"])
    with pytest.raises(Refused):
        rules.keeps_an_administrator(agency, one)
    rules.keeps_an_administrator(agency, one, [Role.ADMIN, Role.AUTHOR])
    asleep = given.a_member(agency=agency, roles=["admin"], is_active=False)
    given.a_member(roles=["admin"])  # elsewhere
    given.a_member(agency=agency, roles=["author"])
    with pytest.raises(Refused):
        rules.keeps_an_administrator(agency, one)
    asleep.is_active = True
    asleep.save()
    rules.keeps_an_administrator(agency, one)


def test_absence_is_ones_own_or_an_administrators_to_say(agency):
    member, deputy = given.a_member(agency=agency), given.a_member(agency=agency)
    for role, by in of_each_role(agency).items():
        assert allowed(rules.may_be_away, member, deputy, by=by) is (role == Role.ADMIN)
        assert allowed(rules.may_be_away, by, deputy, by=by)
        assert allowed(rules.may_be_away, by, None, by=by)
    admin = given.a_member(agency=agency, roles=["admin"])
    gone = given.a_member(agency=agency, is_active=False)
    for other in (given.a_member(), gone, member):
        with pytest.raises(Refused):
            rules.may_be_away(member, other, admin)
    with pytest.raises(NotYours):
        rules.may_be_away(given.a_member(), None, admin)


def test_an_invitation_is_renewed_only_for_who_never_came(agency):
    admin = given.a_member(agency=agency, roles=["admin"])
    came = given.a_member(agency=agency, last_login=timezone.now())
    with pytest.raises(Refused):
        rules.may_renew_invitation(came, admin)


@pytest.fixture
def recovery(agency):
    one, two = (given.a_member(agency=agency, roles=["admin"]) for _ in range(2))
    return Recovery.objects.create(
        member=given.a_member(agency=agency), reason="Lost", asked_by=one, agreed_by=two,
        agreed_at=timezone.now() - RECOVERY_WAITS - timedelta(seconds=1),
    )  # fmt: skip


def test_a_way_in_is_asked_for_once_and_takes_a_second_administrator(agency, recovery):
    one, two, third = recovery.asked_by, recovery.agreed_by, given.a_member(agency=agency)
    with pytest.raises(Refused):
        rules.may_ask_to_recover(recovery.member, two)
    with pytest.raises(NotYours):
        rules.may_agree_to_recover(recovery, one)
    with pytest.raises(NotYours):
        rules.may_agree_to_recover(recovery, third)
    rules.may_agree_to_recover(recovery, two)
    assert allowed(rules.may_call_off_recovery, recovery, by=recovery.member)
    assert allowed(rules.may_call_off_recovery, recovery, by=two)
    assert not allowed(rules.may_call_off_recovery, recovery, by=third)


@pytest.mark.parametrize(
    "but",
    [
        {"ended_at": timezone.now()},
        {"agreed_at": None},
        {"agreed_at": timezone.now() + timedelta(hours=1) - RECOVERY_WAITS},
        {"agreed_by": None},
    ],
    ids=["called off", "one yes", "too soon", "nobody"],
)
def test_before_all_is_there_nobody_begins_anew(recovery, but):
    rules.may_recover(recovery, recovery.asked_by)
    for name, value in but.items():
        setattr(recovery, name, value)
    with pytest.raises(Refused):
        rules.may_recover(recovery, recovery.asked_by)


@pytest.mark.parametrize("which", ["asked_by", "agreed_by"])
@pytest.mark.parametrize("lost", ["active", "role"])
def test_both_who_agreed_must_still_be_administrators(recovery, which, lost):
    person = getattr(recovery, which)
    if lost == "active":
        person.is_active = False
        person.save()
    else:
        person.role_rows.all().delete()
        setattr(recovery, which, type(person).objects.get(pk=person.pk))
    by = given.a_member(agency=person.agency, roles=["admin"])
    with pytest.raises(Refused):
        rules.may_recover(recovery, by)
