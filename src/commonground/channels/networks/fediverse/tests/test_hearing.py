"""Replies to our notes are handed on once, again where they changed, and answered beneath."""

import json

import pytest

from commonground.channels.contract import Declined, Message, Receipt
from commonground.channels.networks.fediverse import hearing
from commonground.channels.networks.fediverse.documents import note_document
from commonground.channels.networks.fediverse.hearing import hears
from commonground.channels.networks.fediverse.models import Note, Parcel, Reply
from commonground.channels.networks.fediverse.tests.elsewhere import a_reply, an_activity, tell
from commonground.channels.networks.fediverse.tests.world import a_note, actor_of, an_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def login(account):
    return actor_of(account).channel.login()


@pytest.fixture
def note(account):
    return a_note(account)


def say(there, note, text="When does it open?", *, n=1, kind="Create"):
    reply = a_reply(there.at(), note.id_url, f"<p>{text}</p>", n=n)
    activity = an_activity(kind, there.at(), reply)
    activity["id"] = f"{there.at()}/acts/{kind}-{n}-{len(text)}"
    done = tell(activity)
    assert done.status_code == 202, done.content
    return reply


def delete(there, reply):
    activity = an_activity("Delete", there.at(), reply["id"])
    activity["id"] = f"{there.at()}/acts/delete"
    assert tell(activity).status_code == 202


def test_a_reply_is_told_until_somebody_has_kept_it(there, note, login):
    reply = say(there, note)
    first = hears(login, "")
    (said,) = first.said
    assert (said.text, said.beneath, said.url) == ("When does it open?", note.key, reply["id"])
    assert said.handle.startswith("@ana@")
    assert hears(login, "").said == first.said  # whoever heard it may have died
    first.kept()
    assert hears(login, "").said == ()


def test_it_is_known_without_asking_where_something_was_said(there, note, login):
    assert hearing.unheard() == []
    reply = say(there, note)
    say(there, note, "And how?", n=2)
    assert hearing.unheard() == [note.actor.channel_id]
    hears(login, "").kept()
    assert hearing.unheard() == []
    delete(there, reply)  # that it is gone must be heard, too
    assert hearing.unheard() == [note.actor.channel_id]


def test_they_come_in_order_and_in_batches(there, note, login, monkeypatch):
    monkeypatch.setattr(hearing, "AT_ONCE", 2)
    for n in range(5):
        say(there, note, f"Number {n}", n=n)
    found, more = [], True
    while more:
        batch = hears(login, "")
        batch.kept()
        found, more = [*found, *(s.text for s in batch.said)], batch.more
    assert found == [f"Number {n}" for n in range(5)]


def test_another_account_of_ours_hears_nothing_of_it(there, note):
    say(there, note)
    assert hears(actor_of(an_account("harbour")).channel.login(), "").said == ()


def test_what_changes_while_it_is_kept_is_told_again(there, note, login):
    say(there, note)
    batch = hears(login, "")
    say(there, note, "Never mind", kind="Update")
    batch.kept()
    assert [said.text for said in hears(login, "").said] == ["Never mind"]


def test_what_was_deleted_before_anybody_heard_it_was_never_said(there, note, login):
    delete(there, say(there, note))
    assert hears(login, "").said == hears(login, "").gone == ()
    assert not Reply.objects.exists()


def test_what_is_deleted_later_is_told_without_its_words(there, note, login):
    reply = say(there, note)
    batch = hears(login, "")
    batch.kept()
    delete(there, reply)
    gone = hears(login, "")
    assert (gone.said, gone.gone) == ((), (batch.said[0].id,))
    assert Reply.objects.get().said == {}
    gone.kept()
    assert not Reply.objects.exists()


def test_our_answer_stands_beneath_and_goes_to_their_door(there, note, login, account):
    reply = say(there, note)
    (said,) = hears(login, "").said
    message = Message("At six.", follows=Receipt(said.id, said.url))
    receipt = account.publish(message, key=account.new_key(note.published_at))
    answer = Note.objects.get(key=receipt.network_id)
    told = note_document(answer)
    assert told["inReplyTo"] == reply["id"]
    assert there.at() in told["cc"]
    assert {"type": "Mention", "href": there.at(), "name": said.handle} in told["tag"]
    parcel = Parcel.objects.get(activity__note=answer)
    assert reply["id"] in json.dumps(parcel.activity.body)
    assert parcel.inbox.at.startswith(there.url)
    assert account.find(message, key=receipt.network_id, since=note.published_at)


def test_it_is_not_said_beneath_what_is_gone(there, note, login, account):
    reply = say(there, note)
    batch = hears(login, "")
    batch.kept()
    delete(there, reply)
    beneath = Receipt(batch.said[0].id, batch.said[0].url)
    with pytest.raises(Declined):
        account.publish(Message("At six.", follows=beneath), key=account.new_key(note.published_at))
    assert Note.objects.count() == 1
