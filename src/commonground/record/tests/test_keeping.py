"""What is erased is gone and says so; what is held stays; nothing goes unseen."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.kit.sealed import SealBroken
from commonground.record.actions import keeping, publish, verify as whole, witness
from commonground.record.engine.outsider import verify
from commonground.record.models import DataKey, Entry, Kept, RetentionClass
from commonground.record.queries.exporting import Wish, export
from commonground.record.queries.keeping import past_their_time
from commonground.record.queries.log import log_key
from commonground.record.templatetags.sentences import sentence

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return given.a_member(roles=["records"], name="Records Officer")


@pytest.fixture
def second(officer):
    return given.a_member(roles=["admin"], agency=officer.agency)


def write(officer, n=4, verb="pause"):
    channel = given.a_channel(agency=officer.agency)
    return [
        witness(verb, channel, by=officer, reason="Mrs. Miller of 14 Bridge Street")
        for _ in range(n)
    ]


def test_what_is_erased_is_gone_stays_counted_and_still_verifies(officer, tmp_path):
    write(officer)
    before = publish()
    stone = keeping.erase([2, 3], basis="GDPR 17", by=officer)

    assert Entry.objects.get(number=2).facts == {}
    assert not Kept.objects.filter(pk__in=[2, 3]).exists()
    assert not DataKey.objects.filter(pk__in=[2, 3]).exists()
    said = json.loads(bytes(stone.leaf))
    assert (said["type"], said["erased"], said["basis"]) == ("record.erase", [1, 2], "GDPR 17")
    assert whole() is None
    assert publish().size == before.size + 1

    export(Wish(1, 4), publish(), tmp_path / "x")
    lines = list(verify.check(str(tmp_path / "x"), key=str(log_key(1))))
    assert "Withheld: 32 facts: erased, with a tombstone in the log." in lines
    assert "Somebody" in sentence(Entry.objects.get(number=2))


def test_a_copy_from_before_opens_nothing_without_its_keys(officer):
    write(officer)
    copy = bytes(Kept.objects.get(pk=2).sealed)
    keeping.erase([2], basis="GDPR 17", by=officer)
    entry = Entry.objects.get(number=2)
    entry.kept, entry.data_key = Kept(entry=entry, sealed=copy), DataKey.objects.get(pk=1)
    with pytest.raises(SealBroken):
        entry.facts  # noqa: B018


def test_facts_that_went_without_a_tombstone_are_a_break(officer):
    write(officer)
    DataKey.objects.filter(pk=2).delete()
    assert whole().why == "entry 2 has lost its facts, and nothing says why"


def test_nothing_under_a_legal_hold_is_erased_whoever_asks(officer, second):
    write(officer)
    subject = Entry.objects.get(number=2).subject
    hold = keeping.keep(name="Inquiry 7", reason="Court order", by=officer, subject=subject)
    with pytest.raises(Refused, match="4 of these are under a legal hold and stay: Inquiry 7"):
        keeping.erase([1, 2, 3, 4], basis="GDPR 17", by=officer)
    keeping.agree_to_keep(hold, by=second)
    keeping.let_go(hold, reason="Case closed", by=second)
    with pytest.raises(Refused, match="legal hold"):
        keeping.erase([2], basis="GDPR 17", by=officer)
    keeping.agree_to_let_go(hold, by=officer)
    keeping.erase([2], basis="GDPR 17", by=officer)
    verbs = Entry.objects.filter(subject=f"legalhold:{hold.pk}").order_by("number")
    assert [(e.verb, e.who) for e in verbs] == [
        ("ask_to_keep", officer.name), ("agree_to_keep", second.name),
        ("ask_to_let_go", second.name), ("agree_to_let_go", officer.name),
    ]  # fmt: skip


def test_it_takes_two_people_to_set_and_to_lift_a_hold(officer, second):
    hold = keeping.keep(name="Inquiry", reason="Court", by=officer)
    with pytest.raises(NotYours):
        keeping.agree_to_keep(hold, by=officer)
    keeping.agree_to_keep(hold, by=second)
    with pytest.raises(MovedOn):
        keeping.agree_to_keep(hold, by=second)
    with pytest.raises(Refused, match="Nobody has asked"):
        keeping.agree_to_let_go(hold, by=second)
    keeping.let_go(hold, reason="Over", by=officer)
    with pytest.raises(NotYours):
        keeping.agree_to_let_go(hold, by=officer)


def test_only_records_officers_and_administrators_of_the_agency_may(officer):
    write(officer)
    author = given.a_member(agency=officer.agency)
    stranger = given.a_member(roles=["records"])
    with pytest.raises(NotYours):
        keeping.erase([1], basis="GDPR 17", by=author)
    with pytest.raises(Refused, match="not there"):
        keeping.erase([1], basis="GDPR 17", by=stranger)
    hold = keeping.keep(name="Inquiry", reason="Court", by=officer)
    with pytest.raises(NotYours):
        keeping.agree_to_keep(hold, by=stranger)


@pytest.mark.parametrize(
    ("numbers", "basis"), [([], "x"), ([1], " "), ([1, 99], "x"), ([1, 5], "x")]
)
def test_a_wish_that_cannot_be_met_whole_is_not_met_at_all(officer, numbers, basis):
    write(officer)
    keeping.erase([4], basis="GDPR 17", by=officer)  # entry 5 is its tombstone
    with pytest.raises(Refused):
        keeping.erase(numbers, basis=basis, by=officer)
    assert Entry.objects.get(number=1).detail


def test_the_dry_run_shows_what_is_due_and_what_is_held_and_changes_nothing(officer):
    keeping.standard_classes(officer.agency_id)
    with time_machine.travel(timezone.now() - timedelta(days=100)):
        write(officer, 2, verb="tell")  # transitory: 90 days
        write(officer, 2)  # routine: three years
    held = Entry.objects.get(number=2)
    due, kept = past_their_time(officer.agency_id, timezone.now(), 100)
    assert ([e.number for e in due], kept) == ([1, 2], [])
    day = timezone.localdate(held.at)
    keeping.keep(name="Inquiry", reason="x", by=officer, since=day, until=day)
    due, kept = past_their_time(officer.agency_id, timezone.now(), 100)
    assert ([e.number for e in due], [e.number for e in kept]) == ([], [1, 2])
    assert Kept.objects.count() == Entry.objects.count()


def test_only_what_is_past_its_time_is_disposed_of(officer):
    keeping.standard_classes(officer.agency_id)
    with time_machine.travel(timezone.now() - timedelta(days=100)):
        write(officer, 2, verb="tell")
        write(officer, 1, verb="finish")
    with pytest.raises(MovedOn):
        keeping.dispose([1, 3], by=officer)
    stone = keeping.dispose([1, 2], by=officer)
    assert json.loads(bytes(stone.leaf))["type"] == "record.dispose"
    assert whole() is None


def test_how_long_things_are_kept_is_for_the_agency_to_say(officer):
    keeping.standard_classes(officer.agency_id)
    keeping.standard_classes(officer.agency_id)
    routine = RetentionClass.objects.get(name="Routine")
    keeping.change_retention(routine, days=30, by=officer)
    assert Entry.objects.get().detail == {"name": "Routine", "before": 1095, "after": 30}
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        write(officer, 1)
    due, _ = past_their_time(officer.agency_id, timezone.now(), 10)
    assert len(due) == 1
