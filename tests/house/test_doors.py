"""Every door of the desk, with a thing behind it, opens for whom the policy says."""

import os

import pytest
from django.db import transaction
from django.urls import reverse

from commonground.agency.states import Role
from commonground.say.tests.test_proposing import listening
from tests import given
from tests.house import doors, other_doors, say_doors
from tests.house.test_who_may_enter import ADDRESSES, every_address, things_for

CONVERTERS = {name: list(entry.pattern.converters) for name, entry in every_address()}
# A line that stays open is tried in its own room's tests.
CLOSED_LINES = {"record:live"}
DOORS = sorted(set(ADDRESSES) - CLOSED_LINES)
WRITE = bool(os.environ.get("COMMONGROUND_WRITE_DOORS"))


SESSIONS = {"django_session"}
ROOMS = sorted({name.partition(":")[0] for name in DOORS})
# What reading leaves behind, which somebody who is led to a page from elsewhere may well leave:
# that they looked, on which browser, and the times that every agency begins with.
LEFT_BY_READING = {
    "hear:topic": {
        f"commonground_record_{table}" for table in ("entry", "head", "kept", "datakey")
    },
    "agency:ways_in": {"commonground_agency_signedin"},
    "record:keeping": {"commonground_record_retentionclass"},
}
# Rooms whose forms are filled in before a door is said to be open. It may only get longer.
FILLED_IN = {"say", "spot"}
# Rooms behind whose doors a thing stands for which the button is there: what opens is done, and
# whoever is refused leaves no trace. It may only get longer.
DONE = {"say"}
BEHIND = {f"say:{door}": made for door, made in say_doors.BEHIND.items()} | other_doors.BEHIND


@pytest.fixture
def desk_that_helps(settings):
    """A desk with drafting help, without which its doors are not there."""
    with listening() as machine:
        settings.ENV = settings.ENV.model_copy(update={"drafting_url": machine.url})
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("room", ROOMS)
def test_a_door_opens_for_whom_the_policy_says(room, desk_that_helps):
    agency = given.an_agency()
    people = doors.people_of(agency)
    clients, found, written, pressed = doors.signed_in(people), {}, {}, {}
    for name in (door for door in DOORS if door.partition(":")[0] == room):
        with transaction.atomic():
            behind = what_stands_behind(name, people)
            address = reverse(name, kwargs=behind.things)
            found[name] = doors.tried(
                address, clients, filled_in=room in FILLED_IN, typed=behind.typed
            )
            written[name] = doors.READ.pop(address) - SESSIONS - LEFT_BY_READING.get(name, set())
            pressed[name] = {who: doors.PRESSED.pop((address, who)) - SESSIONS for who in people}
            transaction.set_rollback(True)
    if WRITE:
        doors.keep(room, found)
    changed = {name: tables for name, tables in written.items() if tables}
    assert changed == {}, "reading changes nothing"
    if room in DONE:
        assert wrongly_pressed(found, pressed) == {}
    assert found == {n: f for n, f in doors.kept().items() if n.partition(":")[0] == room}


def what_stands_behind(name, people):
    desk = say_doors.Desk(people["author"].agency, people["author"])
    if name in BEHIND:
        return BEHIND[name](desk)
    theirs = name.partition(":")[0] in DONE
    owner = desk.author if theirs else given.a_member(roles=[*Role], agency=desk.agency)
    return say_doors.Behind(things_for(CONVERTERS[name], owner))


def wrongly_pressed(found, pressed):
    """Who got through and changed nothing, and who was refused and changed something."""
    wrong = {}
    for name, answers in found.items():
        for who, answer in answers.items():
            got_through = answer.endswith("/ yes")
            if got_through and who == doors.STRANGER:
                continue  # into a form of their own agency, which has nothing to choose from
            if got_through != bool(pressed[name][who]):
                wrong[name, who] = (answer, sorted(pressed[name][who]))
    return wrong


def test_what_reading_leaves_behind_is_said_of_doors_that_are_there():
    assert LEFT_BY_READING.keys() <= set(DOORS)


def test_the_policy_names_every_door_and_no_other():
    assert sorted(doors.kept()) == DOORS


# Courses and plans of drills ship with the product, and are each agency's.
EVERYBODYS = {
    "say:moment_panel",
    "train:begin",
    "train:begin_drill",
    "train:course",
    "train:lesson",
}


def test_nothing_of_another_agency_is_there_and_no_door_breaks():
    """What the policy may never say, however it is changed."""
    for name, found in doors.kept().items():
        assert "broken" not in str(found), name
        assert "sign in" not in str(found), name
        if CONVERTERS[name] and name not in EVERYBODYS:
            assert set(found[doors.STRANGER].split(" / ")) <= {"not there", "-"}, name


# An address of one's own calendar, which nobody else reads by.
THEIR_OWN = {"say:make_calendar_key", "say:end_calendar_key"}


def test_an_auditor_sees_and_changes_nothing():
    """What opens to their press is a page that anybody may read, or their own."""
    for name, found in doors.kept().items():
        reading, _, pressing = found["auditor"].partition(" / ")
        if pressing == "yes" and name.partition(":")[0] in FILLED_IN and name not in THEIR_OWN:
            assert reading == "yes", name
