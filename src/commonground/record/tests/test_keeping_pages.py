"""The pages where two people decide what is kept, and what is due is looked at before it goes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.record.actions import keeping, publish, verify, witness
from commonground.record.models import Entry, Head, LegalHold, RetentionClass

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.member = given.a_member(roles=["records"], name="Officer Reyes")
    client.force_login(client.member)
    return client


def some_old_entries(by, n=3):
    with time_machine.travel(timezone.now() - timedelta(days=100)):
        channel = given.a_channel(agency=by.agency, name="Bridge")
        for _ in range(n):
            witness("tell", channel, by=by)


def test_what_is_due_is_shown_and_only_what_is_ticked_goes(desk):
    some_old_entries(desk.member)
    page = desk.get("/record/keeping/").content.decode()
    assert "3 entries can be erased" in page
    assert page.count('name="number"') == 3
    desk.post("/record/keeping/dispose/", {"number": ["1", "3", "x"]})
    assert [e.is_erased for e in Entry.objects.order_by("number")] == [True, False, True, False]
    assert "1 entry can be erased" in desk.get("/record/keeping/").content.decode()
    assert "something that was erased since" in desk.get("/record/").content.decode()
    assert verify() is None


def test_a_hold_is_set_and_lifted_by_two_people_on_the_page(desk, client):
    some_old_entries(desk.member)
    desk.post("/record/keeping/hold/", {"name": "Inquiry 7", "reason": "A court asks"})
    hold = LegalHold.objects.get()
    page = desk.get("/record/keeping/").content.decode()
    assert "a second person has not agreed yet" in page
    assert "I agree to hold it" not in page
    assert "3 more entries are past their time and stay: a legal hold" in page
    at = f"/record/keeping/hold/{hold.pk}"
    assert desk.post(f"{at}/agree/").status_code == 403
    desk.post(f"{at}/let-go/", {"reason": "Closed"})
    second = given.a_member(roles=["admin"], agency=desk.member.agency)
    client.force_login(second)
    assert "I agree to lift it" in client.get("/record/keeping/").content.decode()
    client.post(f"{at}/agree/")
    client.post(f"{at}/let-go/agree/")
    hold.refresh_from_db()
    assert hold.agreed_by == hold.let_go_agreed_by == str(second.pk)
    assert hold.let_go_at


def test_single_entries_are_erased_at_somebodys_request(desk):
    some_old_entries(desk.member)
    asked = desk.post("/record/keeping/erase/", {"numbers": "x", "basis": ""})
    assert asked.status_code == 422
    desk.post("/record/keeping/erase/", {"numbers": "1, 2", "basis": "GDPR 17"})
    assert Entry.objects.get(number=2).is_erased
    assert desk.post("/record/keeping/hold/", {"name": ""}).status_code == 422


def test_times_are_changed_by_those_who_may(desk, client):
    desk.get("/record/keeping/")
    routine = RetentionClass.objects.get(name="Routine")
    at = f"/record/keeping/{routine.pk}/"
    assert "1095" in desk.get(at).content.decode()
    desk.post(at, {"days": "30"})
    routine.refresh_from_db()
    assert routine.days == 30
    client.force_login(given.a_member(agency=desk.member.agency))
    assert client.get(at).status_code == 403
    page = client.get("/record/keeping/").content.decode()
    assert "Erase" not in page
    assert "A records officer or an administrator changes this." in page


def test_a_stopped_record_is_told_on_the_first_page(desk):
    keeping.keep(name="Inquiry", reason="x", by=desk.member)
    publish()
    Head.objects.update(stopped="This database is older than what was published.")
    page = desk.get("/record/integrity/").content.decode()
    assert "The record is stopped: nothing can be written or published." in page
    assert "older than what was published" in page
    answer = desk.post("/record/keeping/hold/", {"name": "A", "reason": "B"})
    assert answer.status_code == 409
    assert "older than what was published" in answer.content.decode()


def test_a_search_that_finds_nothing_among_the_newest_can_go_on(desk, monkeypatch):
    ours = given.a_channel(agency=desk.member.agency, name="Bridge")
    witness("pause", ours, by=desk.member)
    road = given.a_channel(agency=desk.member.agency, name="Road")
    for _ in range(5):
        witness("resume", road, by=desk.member)
    monkeypatch.setattr("commonground.record.queries.finding.AT_ONCE", 3)
    monkeypatch.setattr("commonground.record.queries.finding.MOST", 3)
    page = desk.get("/record/?words=bridge").content.decode()
    assert "None of the newest entries fits" in page
    assert "Bridge" in desk.get("/record/?words=bridge&before=4").content.decode()
