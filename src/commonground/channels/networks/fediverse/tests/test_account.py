"""What is particular to our own account: its name, its keys, what it says for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from commonground.channels.contract import Declined, Login, Message, SignInNeeded, Unsure
from commonground.channels.networks.fediverse.adapter import OwnAccount
from commonground.channels.networks.fediverse.models import Note
from commonground.channels.networks.fediverse.tests.world import a_note, actor_of, an_account

pytestmark = pytest.mark.django_db


def test_the_private_key_is_not_readable_in_the_database():
    actor = actor_of(an_account())
    with connection.cursor() as cursor:
        cursor.execute("SELECT private_key FROM commonground_fediverse_actor")
        (kept,) = cursor.fetchone()

    assert "PRIVATE" not in kept
    assert load_pem_private_key(actor.private_key["pem"].encode(), None).key_size == 2048


def test_a_desk_at_another_address_does_not_speak_for_the_old_account(settings):
    account = an_account()
    settings.ENV = settings.ENV.model_copy(update={"site_url": "https://elsewhere.example"})

    with pytest.raises(SignInNeeded, match="for ever"):
        account.prove()
    with pytest.raises(SignInNeeded):
        account.publish(Message("Hello."), key=account.new_key(timezone.now()))


@pytest.mark.parametrize("lost", ["not a channel", "00000000-0000-0000-0000-000000000000"])
def test_a_channel_that_is_not_there_must_be_signed_in(lost):
    with pytest.raises(SignInNeeded):
        OwnAccount(Login(lost, handle="riverside")).prove()


def test_what_was_withdrawn_does_not_come_back_by_asking_again():
    account = an_account()
    note = a_note(account, "Wrong.")
    account.withdraw(note.receipt)

    with pytest.raises(Declined, match="withdrawn"):
        account.publish(Message("Wrong."), key=note.key)


def test_a_channel_cannot_touch_the_note_of_another():
    one, other = an_account("one"), an_account("two")
    note = a_note(one, "Ours.")

    other.withdraw(note.receipt)
    with pytest.raises(Declined):
        other.publish(Message("Ours."), key=note.key)

    assert other.find(Message("Ours."), key=note.key, since=timezone.now()) is None
    assert one.find(Message("Ours."), key=note.key, since=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_key_make_one_note():
    account = an_account()
    key = account.new_key(timezone.now())

    def publish(_):
        try:
            for _ in range(50):
                try:
                    return account.publish(Message("Hello."), key=key)
                except Unsure:  # the database was busy: the key makes asking again safe
                    continue
            return account.publish(Message("Hello."), key=key)
        finally:
            BaseDatabaseWrapper.close(connection)

    with ThreadPoolExecutor(4) as workers:
        receipts = set(workers.map(publish, range(4)))

    assert (len(receipts), Note.objects.count()) == (1, 1)
