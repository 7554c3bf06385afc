"""Every door of the desk, with a thing behind it, opens for whom the policy says."""

import os

import pytest
from django.db import transaction
from django.urls import reverse

from commonground.agency.states import Role
from tests import given
from tests.house import doors
from tests.house.test_who_may_enter import ADDRESSES, every_address, things_for

CONVERTERS = {name: list(entry.pattern.converters) for name, entry in every_address()}
# A line that stays open is tried in its own room's tests.
CLOSED_LINES = {"record:live"}
DOORS = sorted(set(ADDRESSES) - CLOSED_LINES)
WRITE = bool(os.environ.get("COMMONGROUND_WRITE_DOORS"))


SESSIONS = {"django_session"}
# Rooms whose doors nobody has tried and read yet. It may only get shorter.
NOT_YET = {"say"}
ROOMS = sorted({name.partition(":")[0] for name in DOORS} - NOT_YET)
TRIED = [name for name in DOORS if name.partition(":")[0] in ROOMS]
# Rooms whose forms are filled in before a door is said to be open, and of which it is known that
# reading changes nothing. It may only get longer.
FILLED_IN = {"spot"}


@pytest.mark.django_db
@pytest.mark.parametrize("room", ROOMS)
def test_a_door_opens_for_whom_the_policy_says(room):
    owner = given.a_member(roles=[*Role])
    clients, found, written = doors.visitors(owner.agency), {}, {}
    for name in (door for door in DOORS if door.partition(":")[0] == room):
        with transaction.atomic():
            things = things_for(CONVERTERS[name], owner)
            address = reverse(name, kwargs=things)
            found[name] = doors.tried(address, clients, filled_in=room in FILLED_IN)
            written[name] = doors.WRITTEN.pop(address) - SESSIONS
            transaction.set_rollback(True)
    if WRITE:
        doors.keep(room, found)
    changed = {name: tables for name, tables in written.items() if tables}
    assert room not in FILLED_IN or changed == {}, "reading changes nothing"
    assert found == {n: f for n, f in doors.kept().items() if n.partition(":")[0] == room}


def test_the_policy_names_every_door_and_no_other():
    assert sorted(doors.kept()) == TRIED


def test_nothing_of_another_agency_is_there_and_no_door_breaks():
    """What the policy may never say, however it is changed."""
    for name, found in doors.kept().items():
        assert "broken" not in str(found), name
        assert "sign in" not in str(found), name
        if CONVERTERS[name] and name != "say:moment_panel":
            assert set(found[doors.STRANGER].split(" / ")) <= {"not there", "-"}, name


def test_an_auditor_sees_and_changes_nothing():
    """What opens to their press is a page that anybody may read."""
    for name, found in doors.kept().items():
        reading, _, pressing = found["auditor"].partition(" / ")
        if pressing == "yes" and name.partition(":")[0] in FILLED_IN:
            assert reading == "yes", name
