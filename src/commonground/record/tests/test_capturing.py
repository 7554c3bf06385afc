"""What the public saw is held, sealed, committed to, and gone when it must be gone."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.kit.sealed import SealBroken
from commonground.record.actions import capture, capturing, keeping, verify
from commonground.record.engine.capturing import Answer, Medium, about, without_secrets
from commonground.record.models import Capture, CapturedMedium, DataKey, Entry, Showing, ShownWith
from commonground.record.queries.captures import captured, gaps_as_told, gaps_of

pytestmark = pytest.mark.django_db
PICTURE = Medium(b"\x89PNG a bridge", "image/png", "A bridge under water")
LISTED = {
    "data": [
        {"id": "7", "text": "To one person alone: your case is closed."},
        {"id": 8, "text": "The bridge is closed.", "media": {"id": "9"}},
    ]
}


def said(value, type_="application/json"):
    return Answer(json.dumps(value).encode(), type_, "https://social.example/api?limit=5")


@pytest.fixture
def officer():
    return given.a_member(roles=["records"])


def shown(officer, text="The bridge is closed.", media=(PICTURE,)):
    channel = given.a_channel(agency=officer.agency)
    answer = said({"id": "8", "text": text})
    capturing.show(channel, agency=officer.agency_id, channel="Mastodon", url="https://x.example/8",
        at=timezone.now())  # fmt: skip
    return capture(channel, "published", answer, media, channel="Mastodon")


def test_of_a_list_of_our_posts_only_the_one_is_kept():
    found = about(said(LISTED), "8")
    assert json.loads(found.body)["text"] == "The bridge is closed."
    assert found.part
    assert b"one person" not in found.body


@pytest.mark.parametrize("name", ["10", "", "The bridge is closed."])
def test_an_answer_that_does_not_name_the_post_is_none(name):
    assert about(said(LISTED), name) is None


def test_a_record_that_stands_alone_is_kept_as_it_came():
    answer = Answer(b'{"uri": "at://did/post/3k",  "value": {}}', "application/json")
    assert about(answer, "at://did/post/3k") is answer


@pytest.mark.parametrize("body", [b"", b"\xff", b"<html>", b"[" * 200_000, b"null"])
def test_what_is_no_json_says_nothing_of_a_post(body):
    assert about(Answer(body, "application/json"), "8") is None


def test_an_answer_that_opens_an_account_is_never_kept(officer):
    answer = said({"id": "8", "accessJwt": "secret"})
    assert about(answer, "8") is None
    with pytest.raises(ValueError, match="no capture"):
        capture(given.a_channel(), "published", answer, channel="Bluesky")
    assert Entry.objects.count() == 0


def test_no_secret_of_an_address_is_kept():
    address = "https://me:pw@api.example/8?access_token=abc&rkey=3k&appsecret_proof=d#frag"
    assert without_secrets(address) == "https://api.example/8?rkey=3k"


def test_what_was_seen_is_sealed_and_its_digests_stand_in_the_leaf(officer):
    entry = Entry.objects.get(pk=shown(officer).pk)
    held = captured(entry)
    assert json.loads(held.body)["text"] == "The bridge is closed."
    assert held.media == [(hashlib.sha256(PICTURE.content).hexdigest(), "image/png", PICTURE.alt,
        PICTURE.content)]  # fmt: skip
    assert entry.detail["digest"] == hashlib.sha256(held.body).hexdigest()
    assert entry.type == "inner"
    raw = bytes(Capture.objects.get().sealed) + bytes(CapturedMedium.objects.get().sealed)
    assert b"bridge" not in raw
    assert verify() is None


def test_a_medium_is_kept_once_and_goes_with_the_last_that_showed_it(officer):
    first, second = shown(officer), shown(officer)
    assert (CapturedMedium.objects.count(), ShownWith.objects.count()) == (1, 2)
    keeping.erase([first.number], basis="GDPR 17", by=officer)
    assert captured(Entry.objects.get(pk=first.pk)) is None
    assert captured(Entry.objects.get(pk=second.pk)).media[0][3] == PICTURE.content
    keeping.erase([second.number], basis="GDPR 17", by=officer)
    assert not CapturedMedium.objects.exists()
    assert not Capture.objects.exists()
    assert verify() is None


def test_another_agencys_copy_has_a_key_of_its_own(officer):
    shown(officer)
    shown(given.a_member(roles=["records"]))
    assert CapturedMedium.objects.count() == 2


def test_a_copy_of_all_but_the_keys_opens_no_capture(officer):
    """What is erased in the table of keys is erased in older copies of all the rest."""
    entry = shown(officer)
    held = Capture.objects.get(), list(ShownWith.objects.all()), CapturedMedium.objects.get()
    keeping.erase([entry.number], basis="GDPR 17", by=officer)
    held[0].save(force_insert=True)
    held[2].save(force_insert=True)
    for link in held[1]:
        link.save(force_insert=True)
    with pytest.raises(DataKey.DoesNotExist):
        capturing.data_key_of(Entry.objects.get(pk=entry.pk))


@pytest.mark.parametrize(("harm", "why"), [
    (lambda: Capture.objects.all().delete(), "has lost what it captured"),
    (lambda: CapturedMedium.objects.all().delete(), "has lost a picture or video"),
    (lambda: Capture.objects.update(sealed=b"x" * 60), "does not open any more"),
])  # fmt: skip
def test_a_capture_that_was_touched_breaks_the_record(officer, harm, why):
    entry = shown(officer)
    harm()
    broken = verify()
    assert broken.number == entry.number
    assert why in broken.why


def test_a_capture_moved_to_another_entry_does_not_open(officer):
    one, two = shown(officer), shown(officer, text="Other words.")
    Capture.objects.filter(pk=one.pk).update(sealed=Capture.objects.get(pk=two.pk).sealed)
    with pytest.raises(SealBroken):
        captured(Entry.objects.get(pk=one.pk))


def test_what_was_public_and_is_not_held_is_a_gap_until_it_is(officer):
    channel, now = given.a_channel(agency=officer.agency), timezone.now()
    capturing.show(channel, agency=officer.agency_id, channel="X", url="", at=now)
    capturing.miss(channel, "The network does not answer.")
    found = gaps_of(officer.agency_id, now)
    assert (found.shown, found.captured, len(found.missing)) == (1, 0, 1)
    assert found.missing[0].why == "The network does not answer."
    capture(channel, "published", said({"id": "8"}), channel="X")
    found = gaps_of(officer.agency_id, now)
    assert (found.captured, found.in_time, found.missing) == (1, 1, [])


def test_waits_grow_and_what_is_gone_is_not_looked_for(officer):
    channel, now = given.a_channel(agency=officer.agency), timezone.now()
    capturing.show(channel, agency=officer.agency_id, channel="X", url="", at=now)
    waits = []
    for _ in range(12):
        capturing.miss(channel, "No answer.")
        waits.append(round((Showing.objects.get().next_at - timezone.now()).total_seconds(), -1))
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] == 3600
    capturing.miss(channel, "Gone.", again=False)
    assert not Showing.objects.to_try(now + timedelta(days=9)).exists()
    assert gaps_of(officer.agency_id, now).missing[0].why == "Gone."


def test_since_when_the_desk_could_not_look(officer):
    now = timezone.now()
    for minutes, trouble in [(0, "Nobody answers there."), (5, "It answered 503."), (9, "")]:
        at = now + timedelta(minutes=minutes)
        capturing.note_sight(officer.agency_id, "Mastodon", trouble, at)
    blind = gaps_of(officer.agency_id, now).blind
    assert [(b.since, b.until, b.why) for b in blind] == [
        (now, now + timedelta(minutes=9), "It answered 503.")
    ]


def test_the_report_is_ours_alone_and_in_words(officer, client):
    shown(given.a_member(roles=["records"]))
    channel = given.a_channel(agency=officer.agency)
    capturing.show(channel, agency=officer.agency_id, channel="Our X", at=timezone.now(),
        url="https://x.example/1")  # fmt: skip
    capturing.miss(channel, "The network does not answer.")
    capturing.note_sight(officer.agency_id, "Our page", "Nobody answers.", timezone.now())
    client.force_login(officer)
    page = client.get(reverse("record:gaps")).content.decode()
    assert "0 of 1 things that were public are held." in page
    for words in ("Our X", "The network does not answer.", "Our page", "Not since", "Never held"):
        assert words in page
    assert "Mastodon" not in page
    told = gaps_as_told(officer.agency_id, timezone.now())
    assert [gap["channel"] for gap in told["not_captured"]] == ["Our X"]
    assert [gap["channel"] for gap in told["could_not_look"]] == ["Our page"]
