"""So many errands at once, none lost, none waiting behind a slow one, and no line kept idle."""

from __future__ import annotations

import threading
import time
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection

from commonground.kit import hands
from commonground.kit.hands import Hands


def of(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def until(so, seconds=10.0) -> bool:
    end = time.monotonic() + seconds
    while not so() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(so())


def test_so_many_at_once_and_no_more():
    met, late = Barrier(3), Event()
    with Hands(3, "three") as some:
        for _ in range(3):
            some.give(lambda: met.wait(10))  # they meet only if all three run at once
        some.give(late.set)
        assert late.wait(10)
        assert len(of("three")) <= 3


def test_nothing_waits_behind_a_slow_one_while_a_hand_is_free():
    slow, quick = Event(), Event()
    with Hands(2, "pair") as pair:
        pair.give(quick.set)
        assert quick.wait(10)
        # One rests now. The first takes it; for the second there must be another at once.
        quick.clear()
        pair.give(lambda: slow.wait(10))
        pair.give(quick.set)
        assert quick.wait(5)
        slow.set()


def test_none_is_lost_however_they_come_and_rest(monkeypatch):
    monkeypatch.setattr(hands, "RESTS", 0.001)
    done: list[int] = []
    with Hands(4, "restless") as some:
        for n in range(2_000):
            some.give(lambda n=n: done.append(n))
            if not n % 50:
                time.sleep(0.002)  # long enough for some to end just now
    assert sorted(done) == list(range(2_000))
    assert of("restless") == []


def test_what_goes_wrong_ends_neither_the_hand_nor_the_others(caplog):
    done = []

    def act(n):
        if n % 2:
            raise ValueError(n)
        done.append(n)

    with Hands(2, "clumsy") as some:
        with pytest.raises(ValueError, match=r"[13579]"):
            some.each(act, range(10))
        assert sorted(done) == [0, 2, 4, 6, 8]  # back only when all are done
        some.give(partial(act, 1))
        some.give(partial(act, 10))
    assert done[-1] == 10
    assert caplog.text.count("dropped something") == 1


def test_who_finishes_waits_for_what_was_given_or_only_for_what_was_begun():
    gate, done = Event(), []
    some = Hands(1, "last")
    some.give(lambda: gate.wait(10))
    some.give(lambda: done.append("given"))
    gate.set()
    some.finish()
    assert done == ["given"]
    with pytest.raises(RuntimeError):
        some.give(lambda: None)

    gate.clear()
    other = Hands(1, "dropped")
    other.give(lambda: gate.wait(10))
    assert until(lambda: not other.errands)
    other.give(lambda: done.append("dropped"))
    threading.Timer(0.1, gate.set).start()
    other.finish(drop=True)
    assert done == ["given"]


@pytest.mark.django_db(transaction=True)
def test_a_line_to_the_database_is_kept_between_errands_and_let_go_at_rest(monkeypatch):
    monkeypatch.setattr(hands, "RESTS", 0.2)
    opened, closed, lines = [], Event(), []

    def ask():
        if connection.connection is None:
            opened.append(1)
            connection.connect()
            real = connection.close
            lines.append(connection.connection)
            connection.close = lambda: (real(), closed.set())
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    some = Hands(1, "asker")
    for _ in range(5):
        some.each(lambda _: ask(), [0])
    assert len(opened) == 1
    assert closed.wait(10)
    assert until(lambda: not of("asker"))
    some.finish()
