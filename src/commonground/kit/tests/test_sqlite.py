"""Threads of one process write one after the other, and none is forgotten."""

import time
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection, transaction

from commonground.kit.sqlite.base import LINES
from commonground.record.models import Head

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer"),
]


def line():
    return LINES[str(connection.settings_dict["NAME"])]


@pytest.fixture
def a_head():
    Head.objects.get_or_create(pk=1, defaults={"count": 0})
    before = Head.objects.get(pk=1).count
    yield
    Head.objects.filter(pk=1).update(count=before)


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


@pytest.mark.usefixtures("a_head")
def test_each_of_many_writers_has_its_turn():
    @transaction.atomic
    def count():
        head = Head.objects.get(pk=1)
        time.sleep(0.002)
        Head.objects.filter(pk=1).update(count=head.count + 1)

    before = Head.objects.get(pk=1).count
    for thread in in_threads(24, lambda: [count() for _ in range(5)]):
        thread.join()

    assert Head.objects.get(pk=1).count == before + 120
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
