"""Our account and a real server of the fediverse, as they meet."""

import urllib.error

import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from commonground.channels.networks.fediverse.carrying import carry_due
from commonground.channels.networks.fediverse.keys import new_pair
from commonground.channels.networks.fediverse.models import Actor, Follower, Inbox, Parcel, Reply
from commonground.channels.networks.fediverse.tests.world import (
    a_note,
    actor_of,
    an_account,
    change_channel,
)

pytestmark = [pytest.mark.peer, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def live(settings, transactional_db):
    """The desk as others reach it."""
    server = LiveServer("127.0.0.1")
    server._live_server_modified_settings.enable()
    settings.ENV = settings.ENV.model_copy(update={"site_url": server.url})
    yield server
    server.stop()
    server._live_server_modified_settings.disable()
    connections.close_all()


@pytest.fixture
def ours(live):
    return an_account()


@pytest.fixture
def who(ours):
    return actor_of(ours).id_url


def carry():
    carry_due(lambda agency: False)


@pytest.fixture
def followed(fedify_server, ours, who):
    fedify_server.do("follow", who=who)
    carry()
    return ours


def knocks_of(server, act):
    """How what we delivered while `act` ran was signed, and what was answered."""
    before = len(server.do("knocks"))
    act()
    return [(knock["spec"], knock["status"]) for knock in server.do("knocks")[before:]]


def test_it_finds_us_by_webfinger(fedify_server, who):
    found = fedify_server.do("finger", who=who)

    assert found["subject"].startswith("acct:riverside@127.0.0.1:")
    assert who in [link["href"] for link in found["links"]]


def test_it_reads_who_we_are_and_all_that_we_said(fedify_server, ours, who):
    notes = [a_note(ours, f"Note {n}.") for n in range(25)]
    read = fedify_server.do("outbox", who=who)

    assert read["kind"] == "Organization"
    assert [said["id"] for said in read["found"]] == [note.id_url for note in reversed(notes)]
    assert {said["type"] for said in read["found"]} == {"Create"}


def test_it_follows_and_hears_our_yes(fedify_server, ours, who):
    fedify_server.do("follow", who=who)
    assert Follower.objects.get().who["id"] == fedify_server.ana

    carry()

    assert fedify_server.heard("Accept")["actor"] == who
    assert not Parcel.objects.exists()


def test_what_we_say_arrives_with_a_signature_it_believes(fedify_server, followed, who):
    note = a_note(followed, "The bridge is <closed>.")
    carry()

    said = fedify_server.heard("Create")
    assert (said["actor"], said["kind"], said["object"]) == (who, "Note", note.id_url)
    assert said["content"] == "<p>The bridge is &lt;closed&gt;.</p>"


def test_it_is_knocked_at_in_the_way_it_understands(fedify_server, ours, who):
    fedify_server.do("follow", who=who)
    first = knocks_of(fedify_server, carry)
    a_note(ours)
    second = knocks_of(fedify_server, carry)

    if fedify_server.kind == "draft":  # it knows no RFC 9421: refused once, remembered, not again
        assert first == [("rfc9421", 401), ("draft", 202)]
        assert second == [("draft", 202)]
        assert Inbox.objects.get().old_signature_since
    else:
        assert first == second == [("rfc9421", 202)]


def test_what_changes_about_us_arrives(fedify_server, followed, who):
    change_channel(followed, purpose="Roads and the harbour")
    followed.prove()
    carry()

    said = fedify_server.heard("Update")
    assert (said["object"], said["content"]) == (who, "<p>Roads and the harbour</p>")


def test_what_we_take_back_is_deleted_there(fedify_server, followed, who):
    note = a_note(followed)
    carry()
    followed.withdraw(note.receipt)
    carry()

    said = fedify_server.heard("Delete")
    assert (said["actor"], said["object"], said["kind"]) == (who, note.id_url, "Tombstone")


def test_it_takes_its_following_back(fedify_server, followed, who):
    fedify_server.do("unfollow", who=who)

    assert not Follower.objects.exists()


def test_a_reply_arrives_and_goes_when_it_is_deleted(fedify_server, followed, who):
    note = a_note(followed)
    fedify_server.do("reply", who=who, to=note.id_url, text="<p>When does it open?</p>")
    assert note.replies.get().said["text"] == "When does it open?"

    fedify_server.do("unreply", who=who)

    assert not Reply.objects.exists()


def test_an_account_that_goes_takes_all_of_it_along(fedify_server, followed, who):
    note = a_note(followed)
    fedify_server.do("reply", who=who, to=note.id_url, text="Hello.")
    fedify_server.do("vanish", who=who)

    assert not Follower.objects.exists()
    assert not Reply.objects.exists()


def test_it_does_not_believe_what_somebody_else_signs_in_our_name(fedify_server, followed):
    """So what it believed above it believed for the signature."""
    heard = len(fedify_server.do("heard"))
    for actor in Actor.objects.all():
        actor.private_key = {"pem": new_pair()[0]}
        actor.save()
    a_note(followed, "Forged.")
    knocks = knocks_of(fedify_server, carry)

    assert {status for _, status in knocks} == {401}
    assert {spec for spec, _ in knocks} == {"rfc9421", "draft"}
    assert len(fedify_server.do("heard")) == heard


def test_what_it_says_to_nobody_is_not_found(fedify_server, who):
    with pytest.raises(urllib.error.HTTPError):
        fedify_server.do("follow", who=who.replace("riverside", "nobody"))
