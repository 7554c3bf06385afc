"""Sources and topics as people see and change them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import given

from commonground.hear.models import Overheard, Source, Topic
from commonground.hear.states import TopicState
from commonground.hear.tasks import end_what_expired
from commonground.record import actions as record
from commonground.record.models import Entry


@pytest.fixture
def admin(client):
    client.member = given.a_member(roles=["admin", "author"])
    client.force_login(client.member)
    return client


def soon():
    return (timezone.localdate() + timedelta(days=30)).isoformat()


@pytest.mark.django_db
def test_a_source_is_added_changed_and_switched_off(admin):
    typed = {
        "kind": "feed", "name": "Gazette", "address": "https://gazette.example/rss",
        "keep_hours": "12",
    }  # fmt: skip
    admin.post("/hear/sources/new/", typed)
    source = Source.objects.get()
    assert (source.keep_hours, source.on) == (12, True)
    address = f"/hear/sources/{source.pk}/"
    admin.post(address, {**typed, "name": "The Gazette"})
    admin.post(f"{address}switch/")
    source.refresh_from_db()
    assert (source.name, source.on) == ("The Gazette", False)
    page = admin.get("/hear/sources/").content.decode()
    assert "Texts are deleted after 12 hours." in page
    assert "Switch on" in page


@pytest.mark.django_db
def test_nothing_is_kept_longer_than_three_days(admin):
    typed = {"kind": "feed", "name": "G", "address": "https://g.example", "keep_hours": "73"}
    assert "There is a problem" in admin.post("/hear/sources/new/", typed).content.decode()


@pytest.mark.django_db
def test_authors_see_sources_and_cannot_change_them(client):
    member = given.a_member()
    client.force_login(member)
    source = Source.objects.create(agency=member.agency, name="Gazette", kind="feed")
    page = client.get("/hear/sources/").content.decode()
    assert "Gazette" in page
    assert "Switch off" not in page
    assert client.get("/hear/sources/new/").status_code == 403
    assert client.post(f"/hear/sources/{source.pk}/switch/").status_code == 403
    assert "Save" not in client.get(f"/hear/sources/{source.pk}/").content.decode()


@pytest.mark.django_db
def test_an_empty_desk_proves_that_it_listens(admin):
    assert "Nothing has been heard yet." in admin.get("/hear/listening/").content.decode()
    now = timezone.now()
    Source.objects.create(
        agency=admin.member.agency, name="Quiet one", kind="feed", address="https://q.example",
        items=3, last_item_at=now - timedelta(hours=3), looked_at=now,
    )  # fmt: skip
    fragment = admin.get("/hear/listening/", headers={"HX-Request": "true"}).content.decode()
    assert "Quiet one: silent for 3 h" in fragment
    assert "<html" not in fragment


@pytest.mark.django_db
def test_silence_says_since_when_what_is_usual_and_who_must_act(admin):
    now = timezone.now()
    quiet = Source.objects.create(
        agency=admin.member.agency, name="Quiet one", kind="feed", address="https://q.example",
        items=3, last_item_at=now - timedelta(hours=3), looked_at=now, usual_gap=600.0,
    )  # fmt: skip
    Source.objects.create(
        agency=admin.member.agency, name="Broken one", kind="feed", address="https://b.example",
        last_item_at=now, trouble="Nobody answers there.",
    )  # fmt: skip
    panel = admin.get("/hear/listening/").content.decode()
    assert "Usual between two of its posts: 10 min. Longer than 50 min is a signal." in panel
    assert f"To look into it: {admin.member.name}." in panel
    assert "cannot be heard: Nobody answers there." in panel
    quiet.last_item_at = now
    quiet.save()
    assert "is a signal" not in admin.get("/hear/listening/").content.decode().split("Broken")[0]


@pytest.mark.django_db
def test_a_topic_goes_live_only_by_a_second_person(admin, client):
    typed = {
        "name": "Crashes", "purpose": "To help early.", "watch_en": "crash\npile up\n",
        "watch_fr": "accident", "exclude_en": "market crash", "expires_on": soon(),
    }  # fmt: skip
    admin.post("/hear/topics/propose/", typed)
    topic = Topic.objects.get()
    assert topic.watch == {"en": ["crash", "pile up"], "fr": ["accident"]}
    page = admin.get(f"/hear/topics/{topic.pk}/").content.decode()
    assert "another person has to approve it" in page
    assert "Approve: listen for it" not in page
    assert admin.post(f"/hear/topics/{topic.pk}/approve/").status_code == 403
    client.force_login(given.a_member(agency=topic.agency, roles=["approver"]))
    assert "Approve: listen for it" in client.get(f"/hear/topics/{topic.pk}/").content.decode()
    client.post(f"/hear/topics/{topic.pk}/approve/")
    topic.refresh_from_db()
    assert topic.state == TopicState.LIVE


@pytest.mark.django_db
def test_an_administrator_ends_a_topic(admin):
    topic = Topic.objects.create(
        agency=admin.member.agency, name="Parade", purpose=".", proposed_by=given.a_member(),
        expires_on=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    admin.post(f"/hear/topics/{topic.pk}/end/")
    topic.refresh_from_db()
    assert topic.state == TopicState.ENDED


@pytest.mark.django_db
def test_a_person_cannot_be_a_topic(admin):
    typed = {"name": "Him", "purpose": ".", "watch_en": "@someone", "expires_on": soon()}
    answer = admin.post("/hear/topics/propose/", typed)
    assert answer.status_code == 409
    assert "never for people" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2001-01-01", "x", ""])
def test_a_topic_ends_on_a_day_to_come(admin, day):
    typed = {"name": "Crashes", "purpose": ".", "watch_en": "crash", "expires_on": day}
    assert "There is a problem" in admin.post("/hear/topics/propose/", typed).content.decode()
    assert not Topic.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/hear/sources/", "/hear/topics/", "/hear/listening/"])
def test_lists_cost_the_same_however_long(admin, django_assert_max_num_queries, address):
    for n in range(12):
        Source.objects.create(agency=admin.member.agency, name=f"s{n}", kind="feed")
        Topic.objects.create(
            agency=admin.member.agency, name=f"t{n}", purpose=".", proposed_by=admin.member,
            expires_on=timezone.now() + timedelta(days=9),
        )  # fmt: skip
    with django_assert_max_num_queries(11):
        assert admin.get(address).status_code == 200


def what_is_kept(agency, *texts: str) -> Source:
    town = Source.objects.create(agency=agency, name="Town feed", kind="feed")
    now = timezone.now()
    for n, text in enumerate(texts):
        Overheard.objects.create(
            agency=agency, source=town, upstream=str(n), at=now - timedelta(hours=n + 1),
            text=text, language="en", voice=str(n), delete_at=now + timedelta(hours=3),
        )  # fmt: skip
    return town


@pytest.mark.django_db
def test_a_topic_is_tried_on_what_is_kept_before_it_is_proposed(admin):
    agency = admin.member.agency
    what_is_kept(agency, "A crash on Quay Street", "market crash", "lunch", "Crash, crash again")
    Source.objects.create(agency=agency, name="All of Bluesky", kind="jetstream")
    typed = {
        "name": "Crashes", "purpose": "p", "watch_en": "crash\npile up", "try": "1",
        "exclude_en": "market crash", "expires_on": soon(),
    }  # fmt: skip
    page = admin.post("/hear/topics/propose/", typed).content.decode()
    assert "<strong>2 posts</strong> would have been heard." in page
    assert "the 4 posts still kept" in page
    assert "A crash on Quay Street" in page
    assert "Of whole networks (All of Bluesky)" in page
    assert not Topic.objects.exists()
    entry = Entry.objects.get(verb="try_topic")
    assert entry.who == admin.member.name
    assert entry.detail["watch"] == {"en": ["crash", "pile up"]}


@pytest.mark.django_db
def test_nobody_is_looked_for_by_trying(admin):
    what_is_kept(admin.member.agency, "jane doe was here")
    typed = {"name": "x", "purpose": "p", "watch_en": "jane doe", "try": "1", "expires_on": soon()}
    answer = admin.post("/hear/topics/propose/", typed)
    assert answer.status_code == 409
    assert "was here" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("places", ["Doe", "Jane Doe", "Quay: Martinez", "@jane"])
def test_a_person_cannot_hide_among_the_places(admin, places):
    typed = {
        "name": "x", "purpose": "p", "watch_en": "rose\njane" if places == "Doe" else "rose",
        "places": places, "expires_on": soon(),
    }  # fmt: skip
    assert admin.post("/hear/topics/propose/", typed).status_code == 409
    assert not Topic.objects.exists()


@pytest.mark.django_db
def test_places_have_other_names_and_any_of_them_will_do(admin):
    typed = {
        "name": "Floods", "purpose": "p", "watch_en": "flood", "expires_on": soon(),
        "places": "High River: HR, Haute-Rivière\nPort Sable\n",
    }  # fmt: skip
    admin.post("/hear/topics/propose/", typed)
    topic = Topic.objects.get()
    assert topic.places == {"High River": ["HR", "Haute-Rivière"], "Port Sable": []}
    assert topic.called == ["High River", "HR", "Haute-Rivière", "Port Sable"]


@pytest.mark.django_db
def test_an_approver_turns_a_topic_down_with_a_reason_and_its_name_is_free_again(admin, client):
    topic = Topic.objects.create(
        agency=admin.member.agency, name="Parade", purpose=".", proposed_by=admin.member,
        expires_on=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    address = f"/hear/topics/{topic.pk}/turn_down/"
    assert admin.post(address, {"reason": "Too wide a net"}).status_code == 403
    client.force_login(given.a_member(agency=topic.agency, roles=["approver"]))
    assert client.post(address, {"reason": "no"}).status_code == 409
    client.post(address, {"reason": "Too wide a net"})
    assert "Too wide a net" in client.get(f"/hear/topics/{topic.pk}/").content.decode()
    client.force_login(admin.member)
    typed = {"name": "Parade", "purpose": "p", "watch_en": "parade", "expires_on": soon()}
    client.post("/hear/topics/propose/", typed)
    assert Topic.objects.standing().count() == 1


@pytest.mark.django_db
def test_a_topic_whose_time_is_over_is_ended_by_the_clock(admin):
    topic = Topic.objects.create(
        agency=admin.member.agency, name="Parade", purpose=".", proposed_by=admin.member,
        approved_by=given.a_member(agency=admin.member.agency), state="live",
        expires_on=timezone.now() - timedelta(minutes=1),
    )  # fmt: skip
    end_what_expired()
    topic.refresh_from_db()
    assert topic.state == TopicState.ENDED
    assert Entry.objects.get(verb="expire").who == "The desk"


@pytest.mark.django_db
def test_whoever_looks_into_what_is_heard_is_written_down_and_the_public_sees_how_often(admin):
    agency = admin.member.agency
    what_is_kept(agency, "A crash on Quay Street", "lunch")
    topic = Topic.objects.create(
        agency=agency, name="Crashes", purpose="To help.", watch={"en": ["crash"]}, state="live",
        proposed_by=given.a_member(agency=agency), approved_by=admin.member,
        expires_on=timezone.now() + timedelta(days=9),
    )  # fmt: skip
    assert "0 times in 30 days" in admin.get("/listening/").content.decode()

    page = admin.get(f"/hear/topics/{topic.pk}/").content.decode()
    assert "A crash on Quay Street" in page
    assert "That you looked is in the record" in page
    typed = {"name": "x", "purpose": "p", "watch_en": "lunch", "try": "1", "expires_on": soon()}
    admin.post("/hear/topics/propose/", typed)

    look = Entry.objects.get(verb="look_at_topic")
    assert (look.who, look.title, look.detail["matched"]) == (admin.member.name, "Crashes", 1)
    public = admin.get("/listening/").content.decode()
    assert "1 time in 30 days" in public
    assert "Words that are no topic were tried 1 time in 30 days." in public
    assert admin.member.name not in public.partition("Looked into")[2]
    log = admin.get("/hear/topics/looks/").content.decode()
    assert "opened the topic" in log
    assert "tried words" in log
    assert admin.member.name in log


@pytest.mark.django_db
def test_the_query_log_is_the_agency_s_own(admin):
    stranger = given.a_member()
    record.witness("try_topic", Topic(agency=stranger.agency, name="Theirs"), by=stranger)
    assert "Theirs" not in admin.get("/hear/topics/looks/").content.decode()


@pytest.mark.django_db
def test_who_may_not_propose_reads_nobody_s_words_and_leaves_no_trace(client):
    auditor = given.a_member(roles=["auditor"])
    what_is_kept(auditor.agency, "A crash on Quay Street")
    topic = Topic.objects.create(
        agency=auditor.agency, name="Crashes", purpose="p", watch={"en": ["crash"]},
        proposed_by=given.a_member(agency=auditor.agency), expires_on=timezone.now(),
    )  # fmt: skip
    client.force_login(auditor)
    assert "Quay Street" not in client.get(f"/hear/topics/{topic.pk}/").content.decode()
    assert not Entry.objects.filter(verb="look_at_topic").exists()


@pytest.mark.django_db
def test_the_desk_names_how_many_sources_are_on_and_the_quietest(admin):
    now = timezone.now()
    for name, hours in (("Gazette", 3), ("Town", 1)):
        Source.objects.create(
            agency=admin.member.agency, name=name, kind="feed", looked_at=now,
            last_item_at=now - timedelta(hours=hours), usual_gap=7200,
        )  # fmt: skip
    page = admin.get("/hear/listening/").content.decode()
    assert "2 sources are on. The quietest is Gazette: 3 h." in page
    assert "Last looked" in page
