"""Whoever copies the table of sessions is signed in as nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests import given

from commonground.kit.sessions import SessionStore, row_of

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
