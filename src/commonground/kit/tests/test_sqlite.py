"""Threads of one process write one after the other, and none is forgotten."""

import time
from threading import Event, Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from commonground.kit.sqlite.base import LINES

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer"),
]


def line():
    return LINES[str(connection.settings_dict["NAME"])]


def in_threads(n, work):
    def run():
        try:
            work()
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(n)]
    for thread in threads:
        thread.start()
    return threads


def test_each_of_many_writers_has_its_turn():
    Session.objects.create(session_key="count", session_data="0", expire_date=timezone.now())

    @transaction.atomic
    def count():
        seen = Session.objects.get(pk="count")
        time.sleep(0.002)
        Session.objects.filter(pk="count").update(session_data=int(seen.session_data) + 1)

    for thread in in_threads(24, lambda: [count() for _ in range(5)]):
        thread.join()

    assert Session.objects.get(pk="count").session_data == "120"
    assert not line().locked()


def test_who_waits_too_long_hears_what_sqlite_says(monkeypatch):
    """And takes nothing along: the next turn is free."""
    inside, over, heard = Event(), Event(), []

    def hold():
        with transaction.atomic():
            inside.set()
            over.wait(20)

    def wait():
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
        try:
            with transaction.atomic():
                heard.append("in")
        except OperationalError as error:
            heard.append(str(error))

    (holder,) = in_threads(1, hold)
    assert inside.wait(20)
    (waiter,) = in_threads(1, wait)
    waiter.join()
    over.set()
    holder.join()

    assert heard == ["database is locked"]
    assert not line().locked()


@pytest.mark.parametrize("ending", ["error", "rollback", "close"])
def test_a_turn_ends_however_the_transaction_does(ending):
    def work():
        try:
            with transaction.atomic():
                assert line().locked()
                if ending == "close":
                    connection.close()
                if ending == "rollback":
                    transaction.set_rollback(True)
                if ending == "error":
                    raise ValueError
        except ValueError:
            return

    for thread in in_threads(1, work):
        thread.join()

    assert not line().locked()
    with transaction.atomic():
        assert line().locked()
    assert not line().locked()
