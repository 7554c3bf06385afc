"""Threads of one process write one after the other, and none is forgotten."""

import time
from threading import Event, Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from commonground.kit.sqlite.base import LINES, Queue

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
    assert not line().taken


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
    assert not line().taken


@pytest.mark.parametrize("ending", ["error", "rollback", "close"])
def test_a_turn_ends_however_the_transaction_does(ending):
    def work():
        try:
            with transaction.atomic():
                assert line().taken
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

    assert not line().taken
    with transaction.atomic():
        assert line().taken
    assert not line().taken


def test_whoever_asked_first_is_next_however_many_ask():
    queue, order = Queue(), []
    assert queue.acquire(1)

    def take(n):
        queue.acquire(20)
        order.append(n)
        queue.release()

    threads = []
    for n in range(12):
        threads.append(Thread(target=take, args=[n]))
        threads[-1].start()
        wait_until(lambda n=n: len(queue.waiting) > n)
    queue.release()
    for thread in threads:
        thread.join()
    assert order == list(range(12))
    assert not queue.taken


def test_who_gave_up_waiting_is_passed_over():
    queue = Queue()
    assert queue.acquire(1)
    assert not queue.acquire(0.01)
    queue.release()
    assert queue.acquire(0.01)


def wait_until(there):
    give_up = time.monotonic() + 20
    while not there():
        assert time.monotonic() < give_up
        time.sleep(0.001)
