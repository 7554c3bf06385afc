"""Many pass beside each other; who must be alone waits for them, and for nobody who comes later."""

import time
from threading import Event, Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from commonground.kit.turns import be_alone, pass_beside_others

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a file has one writer anyway"),
]
SOON = 30  # seconds, for a machine that is busy


class Passer(Thread):
    """Takes a lock in a transaction of its own, says when it has it, and keeps it until told."""

    def __init__(self, take):
        super().__init__(daemon=True)
        self.take, self.has_it, self.may_go = take, Event(), Event()
        self.start()

    def run(self):
        try:
            with transaction.atomic():
                self.take(Session, "here")
                self.has_it.set()
                assert self.may_go.wait(SOON)
        finally:
            connection.close()

    def go(self):
        self.may_go.set()
        self.join(SOON)


def waiting():
    """How many stand in line for such a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0]


def until(many):
    give_up = time.monotonic() + SOON
    while waiting() != many:
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_two_pass_beside_each_other():
    one, other = Passer(pass_beside_others), Passer(pass_beside_others)
    assert one.has_it.wait(SOON)
    assert other.has_it.wait(SOON)
    one.go()
    other.go()


def test_who_is_alone_waits_for_who_is_there_and_who_comes_later_waits_behind():
    there = Passer(pass_beside_others)
    assert there.has_it.wait(SOON)
    alone = Passer(be_alone)
    until(1)
    later = Passer(pass_beside_others)
    until(2)  # it could share with who is there, and would keep who asked before waiting
    assert not alone.has_it.is_set()
    there.go()
    assert alone.has_it.wait(SOON)
    assert not later.has_it.is_set()
    alone.go()
    assert later.has_it.wait(SOON)
    later.go()


def test_others_are_no_matter():
    one = Passer(be_alone)
    assert one.has_it.wait(SOON)
    with transaction.atomic():
        be_alone(Session, "elsewhere")
    one.go()
