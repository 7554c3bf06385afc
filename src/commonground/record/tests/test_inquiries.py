"""A request for records: on the law's clock, read by two, packed so that anybody can check it."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.actions import capture, inquiries as actions, keeping, witness
from commonground.record.actions.packing import opened
from commonground.record.engine.capturing import Answer
from commonground.record.engine.outsider import verify
from commonground.record.models import Capture, Entry, Inquiry, Parcel
from commonground.record.queries.log import log_key
from commonground.record.tasks import pack_answers, search, tell_of_last_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return given.a_member(roles=["records"], name="Records Officer")


@pytest.fixture
def second(officer):
    return given.a_member(roles=["admin"], agency=officer.agency, name="The Other")


@pytest.fixture
def written(officer):
    channel = given.a_channel(agency=officer.agency)
    for n in range(3):
        witness("pause", channel, by=officer, reason=f"The bridge is closed, {n}.")
    witness("pause", given.a_channel(), by=given.a_member(), reason="The bridge of others.")
    answer = Answer(b'{"text": "The bridge is closed."}', "application/json")
    capture(channel, "published", answer, channel="Mastodon bridge")
    witness("resume", channel, by=officer, reason="A tunnel.")
    return channel


def asked(officer, **but):
    said = {"asker": "Mrs. Miller", "contact": "14 Bridge Street", "law": "gb-foia",
            "asked": "All about the bridge.", "received_on": timezone.localdate()}  # fmt: skip
    return actions.register(**{**said, **but}, by=officer)


def searched(officer, words="bridge", **but):
    inquiry = actions.search(asked(officer), scope={"words": words, **but}, by=officer)
    search()
    inquiry.refresh_from_db()
    return inquiry


def test_who_asked_stands_nowhere_in_clear(officer, written):
    inquiry = searched(officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT asker, scope FROM commonground_record_inquiry")
        raw = repr(cursor.fetchall())
    facts = json.dumps([e.facts for e in Entry.objects.all()])
    for place in (raw, facts):
        assert "Miller" not in place
        assert "14 Bridge" not in place
    assert Inquiry.objects.get().asker["name"] == "Mrs. Miller"
    assert inquiry.name == f"{timezone.localdate().year}-1"


def test_two_requests_have_two_names(officer):
    assert asked(officer).name != asked(officer).name


@pytest.mark.parametrize("but", [
    {"law": "none"}, {"received_on": timezone.localdate() + timedelta(days=2)},
])  # fmt: skip
def test_what_cannot_be_registered(officer, but):
    with pytest.raises(Refused):
        asked(officer, **but)


def test_only_whoever_may_keep_records_sees_to_requests(officer):
    author = given.a_member(agency=officer.agency)
    with pytest.raises(NotYours):
        asked(author)
    with pytest.raises(NotYours):
        actions.search(asked(officer), scope={}, by=given.a_member(roles=["records"]))


def test_the_search_finds_whole_words_of_our_own_entries_and_says_how_far_it_is(officer, written):
    inquiry = searched(officer)
    assert sorted(inquiry.found) == [1, 2, 3, 5]
    assert (inquiry.looked, inquiry.to_look_at, inquiry.is_searched) == (5 + 1, 6, True)
    for nothing in ("bridg", "bridge tunnel"):
        assert searched(officer, nothing).found == []
    assert searched(officer, "", who="nobody").found == []


def test_a_long_search_goes_on_where_it_was(officer, written, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    inquiry = actions.search(asked(officer), scope={"words": "bridge"}, by=officer)
    assert actions.look_on(inquiry.pk)
    inquiry.refresh_from_db()
    assert (inquiry.looked, inquiry.is_searched) == (2, False)
    with pytest.raises(Refused, match="Search first"):
        actions.prepare(inquiry, by=officer)
    while actions.look_on(inquiry.pk):
        pass
    inquiry.refresh_from_db()
    assert (sorted(inquiry.found), inquiry.is_searched) == ([1, 2, 3, 5], True)
    assert not actions.look_on(inquiry.pk)


def test_more_than_anybody_reads_is_told(officer, written, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 2)
    inquiry = searched(officer)
    assert "More than 2 entries" in inquiry.trouble
    with pytest.raises(Refused):
        actions.prepare(inquiry, by=officer)


def test_whoever_prepared_it_cannot_let_it_out(officer, second, written):
    inquiry = actions.prepare(searched(officer), by=officer)
    with pytest.raises(NotYours, match="second person"):
        actions.let_out(inquiry, reason="Complete.", by=officer)
    with pytest.raises(NotYours, match="second person"):
        actions.keep_back(inquiry, everywhere={"who": "personal"}, by=officer)
    with pytest.raises(Refused):
        actions.let_out(inquiry, reason=" ", by=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.filter(pk=inquiry.pk).update(read_by=str(officer.pk))
    assert actions.let_out(inquiry, reason="Complete.", by=second).state == "read"


def test_what_was_changed_meanwhile_is_not_let_out(officer, second, written):
    inquiry = searched(officer)
    seen = Inquiry.objects.get(pk=inquiry.pk)
    actions.keep_back(inquiry, everywhere={"who": "personal"}, by=officer)
    with pytest.raises(MovedOn):
        actions.prepare(seen, by=officer)


def test_facts_are_kept_back_for_reasons_that_are_known(officer, written):
    inquiry = searched(officer)
    with pytest.raises(Refused):
        actions.keep_back(inquiry, everywhere={"who": "because"}, by=officer)
    with pytest.raises(Refused):
        actions.keep_back(inquiry, of={1: {"who": "erased"}}, by=officer)
    inquiry = actions.keep_back(inquiry, of={1: {"who": "personal"}, 4: {"who": "personal"}},
        by=officer)  # fmt: skip
    assert inquiry.kept_back == {"1": {"who": "personal"}}  # entry 4 is of others
    assert actions.keep_back(inquiry, of={1: {}}, by=officer).kept_back == {}


def packed(officer, second, **back):
    inquiry = searched(officer)
    actions.keep_back(inquiry, **back, by=officer)
    inquiry.refresh_from_db()
    actions.prepare(inquiry, by=officer)
    actions.let_out(inquiry, reason="Complete.", by=second)
    pack_answers()
    inquiry.refresh_from_db()
    return inquiry


def test_the_answer_is_a_bag_that_anybody_can_check(officer, second, written, tmp_path, settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost"})
    inquiry = packed(officer, second, everywhere={"who": "personal"}, of={2: {"*": "security"}})
    assert (inquiry.state, inquiry.trouble) == ("given", "")
    assert [m.to for m in mail.outbox] == [[officer.email]]
    content = opened(Parcel.objects.get())
    assert b"closed" not in bytes(Parcel.objects.get().sealed)
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    bag = tmp_path / f"answer-{inquiry.name}"
    lines = list(verify.check(str(bag), key=str(log_key(1))))
    assert lines[0] == "OK. 5 records, from 1 to 5, none missing."
    for told in ("personal information", "another agency's record", "would help an attacker"):
        assert any(told in line for line in lines), told
    assert "Captured: 1 answers of networks and pages, 0 pictures and videos." in lines
    table = (bag / "data/records.csv").read_text()
    assert "closed, 0" in table
    for hidden in ("closed, 1", "of others", "Records Officer", "Miller"):
        assert hidden not in table, hidden


def test_whoever_takes_the_file_stands_in_the_record(officer, second, written, client):
    inquiry = packed(officer, second)
    client.force_login(officer)
    answer = client.post(reverse("record:fetch", args=[inquiry.pk]))
    assert answer["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    assert Entry.objects.latest("number").verb == "fetch"


def test_what_cannot_be_packed_is_told_and_tried_again(officer, second, written):
    inquiry = searched(officer)
    actions.prepare(inquiry, by=officer)
    actions.let_out(inquiry, reason="Complete.", by=second)
    held = Capture.objects.get()
    Capture.objects.all().delete()
    pack_answers()
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.trouble) == ("read", "entry 5 has lost what it captured")
    held.save(force_insert=True)
    pack_answers()
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.trouble) == ("given", "")


def test_more_time_has_a_ground_the_law_knows_and_an_end(officer):
    inquiry = asked(officer, law="ca-qc")
    before = inquiry.due_on
    for days, ground in ((10, "public-interest"), (11, "normal-course")):
        with pytest.raises(Refused):
            actions.extend(inquiry, days=days, reason=ground, note="Much.", by=officer)
    inquiry = actions.extend(inquiry, days=10, reason="normal-course", note="Much.", by=officer)
    assert inquiry.due_on == before + timedelta(days=10)
    with pytest.raises(Refused):
        actions.extend(inquiry, days=1, reason="normal-course", note="More.", by=officer)
    told = Entry.objects.latest("number").detail
    assert (told["ground"], told["reason"]) == ("normal-course", "Much.")


def test_what_is_over_cannot_be_made_longer(officer):
    inquiry = asked(officer, received_on=timezone.localdate() - timedelta(days=90))
    with pytest.raises(Refused, match="over already"):
        actions.extend(inquiry, days=5, reason="public-interest", note="x", by=officer)


def test_whoever_has_it_is_told_before_and_everybody_after(officer, second, settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost"})
    inquiry = asked(officer, law="ca-qc")
    tell_of_last_days()
    assert mail.outbox == []
    at = timezone.now().replace(hour=12)
    with time_machine.travel(at + timedelta(days=16)):
        tell_of_last_days()
        tell_of_last_days()
    assert [m.to for m in mail.outbox] == [[officer.email]]
    assert "time is near" in mail.outbox[0].subject
    mail.outbox.clear()
    with time_machine.travel(at + timedelta(days=21)):
        tell_of_last_days()
    assert sorted(m.to[0] for m in mail.outbox) == sorted([officer.email, second.email])
    assert "overdue" in mail.outbox[0].subject
    told = Entry.objects.latest("number")
    assert (told.verb, told.detail["days_left"]) == ("tell", -1)
    mail.outbox.clear()
    actions.close(inquiry, reason="Taken back.", by=officer)
    with time_machine.travel(at + timedelta(days=23)):
        tell_of_last_days()
    assert mail.outbox == []


def test_the_first_page_names_what_is_due(officer, client):
    late = asked(officer, law="ca-qc", received_on=timezone.localdate() - timedelta(days=21))
    asked(officer)
    asked(given.a_member(roles=["records"]), law="ca-qc",
        received_on=timezone.localdate() - timedelta(days=21))  # fmt: skip
    client.force_login(officer)
    page = client.get(reverse("record:integrity_panel")).content.decode()
    assert page.count("day overdue") == 1
    assert f"Request</a> {late.name}" in page or f"Request {late.name}" in page


def test_where_whoever_had_it_has_left_the_others_are_told(officer, second, settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost"})
    asked(officer, law="ca-qc", received_on=timezone.localdate() - timedelta(days=18))
    officer.is_active = False
    officer.save()
    tell_of_last_days()
    assert [m.to for m in mail.outbox] == [[second.email]]


def test_what_somebody_asked_for_is_not_erased_meanwhile(officer, written):
    inquiry = searched(officer)
    with pytest.raises(Refused, match="Somebody asked for some of these"):
        keeping.erase([1], basis="GDPR 17", by=officer)
    keeping.erase([6], basis="GDPR 17", by=officer)
    actions.close(inquiry, reason="Taken back.", by=officer)
    keeping.erase([1], basis="GDPR 17", by=officer)


def test_the_pages_from_the_letter_to_the_file(officer, second, written, client):
    """As two people do it, by hand."""
    client.force_login(officer)
    form = {"asker": "Mrs. Miller", "contact": "14 Bridge Street", "asked": "The bridge.",
            "law": "ie-foi", "received_on": timezone.localdate().isoformat()}  # fmt: skip
    client.post(reverse("record:register"), form)
    inquiry = Inquiry.objects.get()
    at = {name: reverse(f"record:{name}", args=[inquiry.pk]) for name in
          ("inquiry", "search", "keep_back", "prepare", "let_out", "extend")}  # fmt: skip
    assert "working days left" in client.get(at["inquiry"]).content.decode()
    client.post(at["search"], {"words": "bridge"})
    search()
    page = client.get(at["inquiry"]).content.decode()
    assert "4 of 5 entries fit." in page or "4 of 6 entries fit." in page
    page = client.get(at["keep_back"]).content.decode()
    assert 'name="1:who"' in page
    client.post(at["keep_back"], {"1:who": "personal", "everywhere:title": "security"})
    inquiry.refresh_from_db()
    assert (inquiry.kept_back, inquiry.everywhere) == (
        {"1": {"who": "personal"}}, {"title": "security"},
    )  # fmt: skip
    client.post(at["prepare"])
    assert client.post(at["let_out"], {"reason": "Mine."}).status_code == 403
    client.force_login(second)
    read = client.get(at["keep_back"]).content.decode()
    assert "Not shown: personal information" in read
    assert "<select" not in read
    client.post(at["let_out"], {"reason": "Complete."})
    pack_answers()
    assert "Get the file" in client.get(at["inquiry"]).content.decode()
    stranger = given.a_member(roles=["author"], agency=officer.agency)
    client.force_login(stranger)
    page = client.get(at["inquiry"]).content.decode()
    assert "Miller" not in page
    assert client.get(at["keep_back"]).status_code == 403
