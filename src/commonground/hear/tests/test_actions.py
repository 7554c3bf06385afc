from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.hear import actions, queries
from commonground.hear.actions import Catch
from commonground.hear.engine.heard import Told, upstream_of
from commonground.hear.models import Overheard, Source, Topic
from commonground.hear.tasks import delete_due_overheard
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db


def a_topic(by, **but):
    return actions.propose_topic(
        by.agency,
        **{
            "name": "Drinking and driving",
            "purpose": "To offer a ride home in time",
            "watch": {"en": ["drunk driver"]},
            "expires_on": timezone.now() + timedelta(days=90),
            "by": by,
            **but,
        },
    )


def a_source(**but):
    agency = but.pop("agency", None) or given.an_agency()
    return Source.objects.create(
        agency=agency, **{"name": "Feed", "kind": "feed", "address": "https://f.example/", **but}
    )


def test_second_person_approves_a_topic_and_the_record_says_so():
    author = given.a_member(roles=["approver"])
    topic = a_topic(author)
    assert not Topic.objects.live()
    with pytest.raises(NotYours):
        actions.approve_topic(topic, by=author)
    other = given.a_member(roles=["approver"], agency=author.agency)
    actions.approve_topic(topic, by=other)
    assert list(queries.public_topics(author.agency)) == [topic]
    assert [e.verb for e in Entry.objects.about(topic)] == ["approve", "propose_topic"]


def test_topic_approved_twice_at_once_is_approved_once():
    author = given.a_member()
    topic = a_topic(author)
    other = given.a_member(roles=["approver"], agency=author.agency)
    stale = Topic.objects.get(pk=topic.pk)
    actions.approve_topic(topic, by=other)
    with pytest.raises(MovedOn):
        actions.approve_topic(stale, by=other)


def test_topic_ends_and_expires():
    author = given.a_member()
    topic = a_topic(author)
    actions.approve_topic(topic, by=given.a_member(roles=["approver"], agency=author.agency))
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert not Topic.objects.live()
    with pytest.raises(NotYours):
        actions.end_topic(topic, by=author)
    actions.end_topic(topic, by=given.a_member(roles=["admin"], agency=author.agency))
    assert not Topic.objects.live()


def test_topic_of_another_agency_is_not_ours_to_approve():
    topic = a_topic(given.a_member())
    with pytest.raises(NotYours):
        actions.approve_topic(topic, by=given.a_member(roles=["approver"]))


@pytest.mark.parametrize(
    "term",
    ["@someone", "posts by @a.b.social", "Jane Doe", "what Jane Doe says", "Jean-Luc Martin"],
)
def test_person_is_never_a_topic(term):
    with pytest.raises(Refused, match="people"):
        a_topic(given.a_member(), watch={"en": [term]})
    assert not Topic.objects.exists()


def test_place_written_like_a_name_may_be_watched():
    assert a_topic(given.a_member(), watch={"en": ["High River"]}, places=["High River"])


@pytest.mark.parametrize("term", ["drunk driver", "Brücke", "Lac-Mégantic".lower(), "Fire", "DUI"])
def test_ordinary_words_are_not_taken_for_people(term):
    assert a_topic(given.a_member(), watch={"en": [term]})


def test_topic_without_a_word_is_refused():
    with pytest.raises(Refused):
        a_topic(given.a_member(), watch={"en": []})


def test_topic_lives_a_year_at_most():
    topic = a_topic(given.a_member(), expires_on=timezone.now() + timedelta(days=4000))
    assert topic.expires_on < timezone.now() + timedelta(days=366)


def test_only_administrators_change_sources():
    author = given.a_member()
    with pytest.raises(NotYours):
        actions.add_source(
            author.agency, name="F", kind="feed", address="https://f.example", by=author
        )
    admin = given.a_member(roles=["admin"], agency=author.agency)
    source = actions.add_source(
        author.agency, name="F", kind="feed", address="https://f.example", by=admin
    )
    actions.change_source(source, by=admin, on=False)
    assert not Source.objects.get().on
    with pytest.raises(NotYours):
        actions.change_source(source, by=given.a_member(roles=["admin"]), on=True)
    with pytest.raises(Refused):
        actions.change_source(source, by=admin, address="file:///etc/passwd")


def told(n: int, **but) -> Told:
    now = timezone.now().timestamp()
    return Told(upstream_of(str(n)), **{"at": now, "text": "Fire", "voice": f"{n:016x}", **but})


def test_keeping_twice_keeps_once_and_the_cursor_goes_with_the_posts():
    source = a_source()
    for _ in range(2):
        actions.keep(source, Catch([told(1), told(2)], items=2, cursor="7"))
    source.refresh_from_db()
    assert (Overheard.objects.count(), source.cursor, source.items) == (2, "7", 4)


def test_overheard_words_are_deleted_on_the_minute_they_promise():
    actions.keep(a_source(keep_hours=24), Catch([told(1)], items=1))
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)):
        delete_due_overheard()
        assert Overheard.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        delete_due_overheard()
        assert not Overheard.objects.exists()


def test_deletion_upstream_is_obeyed_by_id_and_by_voice():
    source = a_source()
    actions.keep(source, Catch([told(1), told(2), told(3)], items=3))
    gone = actions.take_back(source, {upstream_of("1")}, [f"{2:016x}"])
    assert gone == {upstream_of("1"), upstream_of("2")}
    assert [o.upstream for o in Overheard.objects.all()] == [upstream_of("3")]


def test_source_is_silent_after_five_of_its_usual_gaps_but_not_before_a_quarter_of_an_hour():
    now = timezone.now()
    often = a_source(last_item_at=now - timedelta(minutes=16), usual_gap=1.0)
    rarely = a_source(
        agency=often.agency, name="Weekly", last_item_at=now - timedelta(hours=6), usual_gap=7200.0
    )
    never = a_source(agency=often.agency, name="New")
    off = a_source(agency=often.agency, name="Off", on=False)
    silent = {b.source: b.silent for b in queries.heartbeats(often.agency)}
    assert silent == {often: True, rarely: False, never: True, off: False}


def test_usual_gap_is_learnt():
    source = a_source()
    start = timezone.now()
    for minutes in (0, 10, 20, 30):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            actions.keep(source, Catch([], items=1))
    source.refresh_from_db()
    assert source.usual_gap == pytest.approx(600, rel=0.01)
