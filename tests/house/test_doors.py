"""Every door of the desk, with a thing behind it, opens for whom the policy says."""

import json
import os

import pytest

from commonground.agency.states import Role
from tests import given
from tests.house import doors
from tests.house.test_who_may_enter import ADDRESSES, a_thing_of, every_address

CONVERTERS = {name: list(entry.pattern.converters) for name, entry in every_address()}
# A line that stays open is tried in its own room's tests.
CLOSED_LINES = {"record:live"}
DOORS = sorted(set(ADDRESSES) - CLOSED_LINES)
WRITE = bool(os.environ.get("COMMONGROUND_WRITE_DOORS"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", DOORS)
def test_a_door_opens_for_whom_the_policy_says(name):
    owner = given.a_member(roles=[*Role])
    arguments = {key: a_thing_of(key, owner) for key in CONVERTERS[name]}
    found = doors.tried(name, arguments, owner.agency)
    if WRITE:
        kept = doors.kept() | {name: found}
        kept = {one: kept[one] for one in sorted(kept) if one in DOORS}
        doors.KEPT.write_text(json.dumps(kept, indent=1) + "\n")
    assert found == doors.kept()[name]


def test_the_policy_names_every_door_and_no_other():
    assert sorted(doors.kept()) == DOORS


def test_nothing_of_another_agency_is_there_and_no_door_breaks():
    """What the policy may never say, however it is changed."""
    for name, found in doors.kept().items():
        assert "broken" not in str(found), name
        assert "sign in" not in str(found), name
        if CONVERTERS[name] and name != "say:moment_panel":
            assert set(found[doors.STRANGER].split(" / ")) <= {"not there", "-"}, name
