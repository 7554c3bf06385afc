"""A note of another account of ours, passed on and undone, and what followers' servers hear."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from commonground.channels.contract import Boosted, Declined, Message, Receipt
from commonground.channels.networks.fediverse import carrying, incoming
from commonground.channels.networks.fediverse.models import (
    Boost,
    FormerDoor,
    Inbox,
    Parcel,
    Reply,
    forget_the_old,
)
from commonground.channels.networks.fediverse.tests.elsewhere import a_reply, an_activity, tell
from commonground.channels.networks.fediverse.tests.world import a_note, actor_of, an_account

pytestmark = pytest.mark.django_db


def running(_):
    return False


def stopped(_):
    return True


def heard_by(there):
    carrying.carry_due(running)
    return [said["type"] for said in there.delivered]


@pytest.fixture
def unit(account):
    """Another account of the same agency."""
    return an_account("harbour", agency=actor_of(account).channel.agency)


@pytest.fixture
def followed(there, unit):
    """Ana follows the account of the harbour unit, and has heard that she does."""
    home = actor_of(unit).id_url
    tell(an_activity("Follow", there.at(), home), inbox="harbour/inbox")
    heard_by(there)
    there.asked.clear()
    return unit


def passing_on(note):
    return Message(note.text, boosts=Boosted(note.receipt))


def find(account, message, key):
    return account.find(message, key=key, since=timezone.now())


def test_followers_hear_of_it_once_and_read_it_where_it_stands(there, account, followed):
    note = a_note(account)
    key = followed.new_key(timezone.now())
    assert find(followed, passing_on(note), key) is None

    receipts = {followed.publish(passing_on(note), key=key) for _ in range(2)}

    assert heard_by(there) == ["Announce"]
    (said,) = there.delivered
    assert (said["actor"], said["object"]) == (actor_of(followed).id_url, note.id_url)
    assert find(followed, passing_on(note), key).receipt == receipts.pop()
    assert followed.standing(since=timezone.now() - timedelta(hours=1)) == []


def test_it_is_undone_once_and_its_note_stands(there, account, followed):
    note = a_note(account)
    key = followed.new_key(timezone.now())
    receipt = followed.publish(passing_on(note), key=key)
    heard_by(there)

    followed.withdraw(receipt)
    followed.withdraw(receipt)

    assert heard_by(there) == ["Announce", "Undo"]
    announce, undo = there.delivered
    assert undo["object"]["id"] == announce["id"]
    assert find(followed, passing_on(note), key) is None
    note.refresh_from_db()
    assert note.withdrawn_at is None
    with pytest.raises(Declined, match="withdrawn"):
        followed.publish(passing_on(note), key=key)


def test_what_was_not_carried_yet_is_undone_without_being_said(there, account, followed):
    note = a_note(account)
    receipt = followed.publish(passing_on(note), key=followed.new_key(timezone.now()))
    followed.withdraw(receipt)

    assert heard_by(there) == ["Undo"]


def test_no_door_hears_that_it_is_undone_before_it_heard_of_it(there, account, followed):
    note = a_note(account)
    receipt = followed.publish(passing_on(note), key=followed.new_key(timezone.now()))
    held = Parcel.objects.get(activity__kind="Announce")
    Parcel.objects.filter(pk=held.pk).update(lease_until=timezone.now() + timedelta(minutes=1))
    followed.withdraw(receipt)

    due = Parcel.objects.due(timezone.now())
    assert not due.filter(activity__kind="Undo").exists()
    held.delete()
    assert Parcel.objects.due(timezone.now()).filter(activity__kind="Undo").exists()


def test_while_everything_is_stopped_only_the_undoing_goes(there, account, followed):
    note = a_note(account)
    one = followed.publish(passing_on(note), key=followed.new_key(timezone.now()))
    heard_by(there)
    other = a_note(account, "Another.")
    followed.publish(passing_on(other), key=followed.new_key(timezone.now()))
    followed.withdraw(one)

    carrying.carry_due(stopped)

    assert [said["type"] for said in there.delivered] == ["Announce", "Undo"]


@pytest.mark.parametrize("what", ["gone", "never there"])
def test_what_does_not_stand_is_not_passed_on(account, unit, what):
    note = a_note(account)
    message = passing_on(note)
    if what == "gone":
        account.withdraw(note.receipt)
    else:
        message = Message("x", boosts=Boosted(Receipt("3kzzzzzzzzzzz", "")))
    with pytest.raises(Declined):
        unit.publish(message, key=unit.new_key(timezone.now()))
    assert not Boost.objects.exists()


def test_one_name_passes_on_one_note(account, unit):
    one, two = a_note(account), a_note(account, "Another.")
    key = unit.new_key(timezone.now())
    unit.publish(passing_on(one), key=key)
    with pytest.raises(Declined, match="Something else"):
        unit.publish(passing_on(two), key=key)
    assert find(unit, passing_on(two), key) is None


# What somebody got before they left


def leave(there, account):
    home = actor_of(account).id_url
    gone = an_activity("Undo", there.at(), an_activity("Follow", there.at(), home), n=2)
    assert tell(gone, inbox="harbour/inbox").status_code == 202


def test_whoever_left_hears_that_a_note_is_gone(there, followed):
    note = a_note(followed)
    assert heard_by(there) == ["Create"]
    leave(there, followed)

    followed.withdraw(note.receipt)

    assert heard_by(there) == ["Create", "Delete"]


def test_whoever_left_before_it_was_said_hears_nothing(there, followed):
    leave(there, followed)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        note = a_note(followed, at=timezone.now())
        followed.withdraw(note.receipt)
        assert heard_by(there) == []


def test_a_door_that_others_use_hears_of_it_once(there, followed):
    there.person("ben")
    home = actor_of(followed).id_url
    tell(an_activity("Follow", there.at("ben"), home), name="ben", inbox="harbour/inbox")
    note = a_note(followed)
    heard_by(there)
    there.asked.clear()
    leave(there, followed)

    followed.withdraw(note.receipt)

    assert heard_by(there) == ["Delete"]


def test_a_door_nobody_needs_is_forgotten_after_thirty_days(there, followed):
    leave(there, followed)
    forget_the_old(timezone.now() + timedelta(days=29))
    assert Inbox.objects.exists()
    forget_the_old(timezone.now() + timedelta(days=31))
    assert not FormerDoor.objects.exists()
    assert not Inbox.objects.exists()


def test_of_whoever_left_only_the_door_is_known(there, followed):
    leave(there, followed)
    assert {f.name for f in FormerDoor._meta.get_fields()} == {"id", "actor", "inbox", "until"}
    assert there.at() not in FormerDoor.objects.get().inbox.at


# Whoever floods a note


def test_one_account_takes_nobody_elses_place(there, account, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_OF_ONE", 3)
    note = a_note(account)
    there.person("ben")
    for n in range(6):
        reply = a_reply(there.at(), note.id_url, n=n)
        tell(an_activity("Create", there.at(), reply, n=n))
    assert Reply.objects.count() == 3

    tell(an_activity("Create", there.at("ben"), a_reply(there.at("ben"), note.id_url)), name="ben")
    assert Reply.objects.count() == 4
