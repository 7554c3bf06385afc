"""What the worker does by the clock, and who waits for whom."""

from threading import Barrier, Event, Lock, Thread

import pytest

from commonground.kit import clock
from commonground.kit.clock import THREADS, Chore, Lane, find_chores

PATIENCE = 30  # seconds; only a failure takes so long


@pytest.fixture
def worker(monkeypatch):
    """Has a worker keep these chores, and none of the rooms'."""
    running = []

    def start(*chores):
        monkeypatch.setattr(clock, "find_chores", lambda: list(chores))
        monkeypatch.setattr(clock, "COMING", [])
        monkeypatch.setattr(clock, "GOING", [])
        stop = Event()
        thread = Thread(target=clock.keep_running, args=[stop])
        thread.start()
        running.append((stop, thread))
        return stop, thread

    yield start
    for stop, thread in running:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def again_and_again(lane):
    """A chore, and what to wait for until it was done three times."""
    done, seen = [], Event()

    def task():
        done.append(1)
        if len(done) >= 3:
            seen.set()

    return Chore(task, 0.01, lane), seen


@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.NETWORKS])
def test_networks_that_never_answer_hold_up_no_other_lane(worker, lane):
    answered, (chore, seen) = Event(), again_and_again(lane)
    hanging = [
        Chore(lambda: answered.wait(PATIENCE), 0, Lane.NETWORKS)
        for _ in range(THREADS[Lane.NETWORKS] + 1)
    ]
    worker(*hanging, chore)

    assert seen.wait(PATIENCE)
    answered.set()


def test_one_that_hangs_leaves_its_lane_to_the_others(worker):
    answered, (chore, seen) = Event(), again_and_again(Lane.NETWORKS)
    worker(Chore(lambda: answered.wait(PATIENCE), 0, Lane.NETWORKS), chore)

    assert seen.wait(PATIENCE)
    answered.set()


def test_a_chore_is_in_one_pair_of_hands(worker):
    lock, twice, rounds, seen = Lock(), [], [], Event()

    def task():
        if not lock.acquire(blocking=False):
            return twice.append(1)
        rounds.append(1)
        seen.wait(0.05)  # long enough for another thread to come by
        lock.release()
        if len(rounds) >= 5:
            seen.set()

    worker(Chore(task, 0, Lane.LINES))

    assert seen.wait(PATIENCE)
    assert not twice


def test_a_worker_that_is_asked_to_stop_ends_what_it_has_and_begins_nothing(worker):
    begun, go, late = Event(), Event(), []

    def under_way():
        begun.set()
        assert go.wait(PATIENCE)
        late.append("ended")

    crowd = [Chore(under_way, 0, Lane.MAIL)]
    crowd += [Chore(lambda: go.wait(PATIENCE), 0, Lane.MAIL) for _ in range(THREADS[Lane.MAIL])]
    crowd += [Chore(lambda: late.append("begun"), 0, Lane.MAIL)]
    stop, thread = worker(*crowd)
    assert begun.wait(PATIENCE)

    stop.set()
    go.set()
    thread.join(PATIENCE)

    assert late == ["ended"]


def test_an_error_stops_neither_the_chore_nor_the_others(worker, caplog):
    tries, seen = [], Event()

    def fails():
        tries.append(1)
        if len(tries) >= 3:
            seen.set()
        raise ValueError("a bad day")

    worker(Chore(fails, 0.01, Lane.HOUSE))

    assert seen.wait(PATIENCE)
    assert "a bad day" in caplog.text


def test_a_worker_keeps_few_lines_to_the_database():
    """A server of PostgreSQL takes a hundred, for all that use it."""
    alone = [chore for chore in find_chores() if chore.lane is Lane.ALONE]

    assert len(alone) + sum(THREADS.values()) <= 25


def of_one_task(task, seconds=0.01, hands=4):
    lead = Chore(task, seconds, Lane.LINES)
    return [lead, *(Chore(task, seconds, Lane.LINES, helps=lead) for _ in range(hands - 1))]


def test_where_there_is_nothing_to_do_one_looks_and_the_others_rest(worker):
    looks, enough = [], Event()

    def task():
        looks.append(1)
        if len(looks) >= 10:
            enough.set()
        return False

    chores = of_one_task(task)
    worker(*chores)
    assert enough.wait(PATIENCE)
    assert [chore.ended_at is None for chore in chores] == [False, True, True, True]


def test_where_one_hangs_the_others_come_and_help(worker):
    answered, helped, lock = Event(), Event(), Lock()

    def task():
        if lock.acquire(blocking=False):  # the first that comes
            answered.wait(PATIENCE)
        else:
            helped.set()
        return True

    worker(*of_one_task(task))
    assert helped.wait(PATIENCE)
    answered.set()


def test_where_there_is_work_for_all_all_work(worker):
    met = Barrier(4)
    all_met = Event()

    def task():
        met.wait(PATIENCE)  # they meet only if all four are at it at once
        all_met.set()
        return True

    stop, _thread = worker(*of_one_task(task))
    assert all_met.wait(PATIENCE)
    met.abort()
    stop.set()


def test_who_fails_calls_no_help(worker):
    tried, enough = [], Event()

    def task():
        tried.append(1)
        if len(tried) >= 3:
            enough.set()
        raise ValueError

    chores = of_one_task(task)
    worker(*chores)
    assert enough.wait(PATIENCE)
    assert all(chore.ended_at is None for chore in chores[1:])
