"""Whoever copies the table of sessions is signed in as nobody."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests import given

from commonground.kit.envelope import opened_text
from commonground.kit.sessions import SessionStore, is_over, row_of

pytestmark = pytest.mark.django_db


def test_a_session_is_found_by_its_cookie_and_the_row_tells_nothing():
    store = SessionStore()
    store["secret"] = "JBSWY3DPEHPK3PXP"
    store.save()
    row = Session.objects.get()
    assert store.session_key not in f"{row.session_key} {row.session_data}"
    assert "JBSWY3DP" not in row.session_data
    assert SessionStore(store.session_key)["secret"] == "JBSWY3DPEHPK3PXP"


def test_the_key_of_the_row_is_no_cookie(client):
    client.force_login(given.a_member())
    stolen = Session.objects.get().session_key
    client.cookies["sessionid"] = stolen
    assert client.get("/say/").status_code == 302


def test_a_session_copied_to_another_row_is_empty():
    mine, theirs = SessionStore(), SessionStore()
    for store in (mine, theirs):
        store["who"] = store.session_key
        store.save()
    kept = Session.objects.get(pk=row_of(mine.session_key)).session_data
    Session.objects.filter(pk=row_of(theirs.session_key)).update(session_data=kept)
    assert SessionStore(theirs.session_key).load() == {}


def test_whoever_signs_out_has_no_row_left(client):
    client.force_login(given.a_member())
    client.logout()
    assert not Session.objects.exists()


def kept(**held):
    store = SessionStore()
    store.update(held)
    store.save()
    return store


def test_a_session_is_there_until_it_is_deleted_and_no_other_goes_with_it():
    mine, theirs = kept(who="me"), kept(who="them")
    assert mine.exists(mine.session_key)
    assert not mine.exists(row_of(mine.session_key))
    mine.delete(theirs.session_key)
    assert (mine.exists(mine.session_key), mine.exists(theirs.session_key)) == (True, False)
    mine.delete()
    assert not mine.exists(mine.session_key)
    SessionStore().delete()  # nobody's: nothing happens


def test_a_session_that_is_not_there_is_empty_and_gets_another_cookie():
    """Else whoever hands somebody a cookie knows the session they sign in to."""
    planted = SessionStore("planted" * 5)
    assert planted.load() == {}
    assert planted.session_key is None
    mine = kept(who="me")
    again = SessionStore(mine.session_key)
    assert again.load() == {"who": "me"}
    assert again.session_key == mine.session_key


def test_a_row_past_its_time_opens_nothing():
    mine = kept(who="me")
    Session.objects.update(expire_date=timezone.now())
    assert SessionStore(mine.session_key).load() == {}


def test_pages_that_do_not_wait_find_the_same_sessions():
    mine, theirs = kept(who="me"), kept(who="them")
    assert async_to_sync(SessionStore(mine.session_key).aload)() == {"who": "me"}
    assert async_to_sync(mine.aexists)(mine.session_key) is True
    made = async_to_sync(mine.acreate_model_instance)({"who": "me"})
    assert made.session_key == row_of(mine.session_key)
    async_to_sync(mine.adelete)(theirs.session_key)
    assert not mine.exists(theirs.session_key)
    assert mine.exists(mine.session_key)
    async_to_sync(mine.adelete)()
    assert not mine.exists(mine.session_key)


def test_what_it_holds_is_sealed_for_its_row():
    mine = kept(who="me")
    row = Session.objects.get()
    place = f"django_session.session_data\n{row_of(mine.session_key)}".encode()
    assert json.loads(opened_text(row.session_data, place)) == {"who": "me"}


def test_it_is_over_a_shift_after_it_began_and_not_before(client):
    client.force_login(given.a_member())
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        begun, shift = now.timestamp(), 12 * 3600
        assert is_over({"begun": begun - shift})
        assert not is_over({"begun": begun - shift + 1})
        assert not is_over({})
    assert abs(client.session["begun"] - begun) < 60


def test_the_row_of_a_cookie_is_forty_letters_of_a_digest():
    made = hashlib.blake2b(b"a cookie", digest_size=20).hexdigest()
    assert row_of("a cookie") == made
    assert len(made) == Session._meta.get_field("session_key").max_length


def test_under_a_key_that_is_gone_people_sign_in_again(client, settings):
    client.force_login(given.a_member())
    settings.SEAL_KEY = "another"
    assert client.get("/say/").status_code == 302


def test_a_sign_in_ends_a_shift_after_it_began_however_busy_somebody_is(client):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        client.force_login(given.a_member())
        for hour in range(1, 12):
            clock.move_to(now + timedelta(hours=hour))
            assert client.get("/say/").status_code == 200
            session = client.session
            session["words"] = str(hour)  # whoever is busy has it written to again and again
            session.save()
        clock.move_to(now + timedelta(hours=12, seconds=-1))
        assert client.get("/say/").status_code == 200
        clock.move_to(now + timedelta(hours=12))
        assert client.get("/say/").status_code == 302
