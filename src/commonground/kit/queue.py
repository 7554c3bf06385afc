"""The task queue behind `django.tasks`, where the operator chose one: who runs its tasks.

A queue is a convenience, never a promise: it may lose, repeat or strand what it was given. What
must happen stands in rows of ours, and whoever looks after those rows asks again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import StringIO
from threading import Event, Thread
from typing import Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import connections

log = logging.getLogger(__name__)
POLLED_EVERY = 0.2  # seconds; as often as the worker looks for what is due
PAUSE = 1.0  # seconds, before a worker that gave up begins anew
KEPT = "24h"  # of what is done, for whoever looks into it


class Runner(Protocol):
    """Takes tasks off the queue, so many at once, until it is told to stop."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """Take no more, and wait for those in hand."""
        ...


def thread(run: Callable[[], object], over: Event) -> Thread:
    """Runs a queue's worker, and begins anew if it gave up: a database comes back."""

    def go_on() -> None:
        while not over.is_set():
            try:
                run()
            except Exception:
                log.exception("the queue's worker gave up, and begins anew")
            finally:
                connections.close_all()
            over.wait(PAUSE)

    return Thread(target=go_on, name="queue", daemon=True)


class OxRunner:
    """django-ox: one worker that runs many tasks at once."""

    def __init__(self, at_once: int) -> None:
        from django_ox.models import OxTask
        from django_ox.worker import Worker

        OxTask.objects.exists()  # a table that is missing is told now, and not five times a second
        self.over = Event()
        self.worker = Worker(backend_alias="ox", concurrency=at_once, poll_interval=POLLED_EVERY)
        self.thread = thread(self.worker.run, self.over)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.over.set()
        self.worker.request_stop()
        self.thread.join()


class DbRunner:
    """django-tasks-db: each of its workers runs one task at a time."""

    def __init__(self, at_once: int) -> None:
        from django_tasks_db.management.commands.db_worker import Worker
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.exists()
        self.over = Event()
        self.workers = [
            Worker(
                queue_names=["*"], interval=POLLED_EVERY, batch=False, backend_name="db",
                startup_delay=False, max_tasks=None, worker_id=f"hand {n}", excluded_queue_names=[],
            )
            for n in range(at_once)
        ]  # fmt: skip
        self.threads = [thread(worker.run, self.over) for worker in self.workers]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.over.set()
        for worker in self.workers:
            worker.running = False
        for thread in self.threads:
            thread.join()


RUNNERS: dict[str, Callable[[int], Runner]] = {"ox": OxRunner, "db": DbRunner}


def runner(at_once: int) -> Runner | None:
    """Whoever runs the tasks of the queue that the settings name, if they name one."""
    made = RUNNERS.get(settings.ENV.queue)
    return made(at_once) if made else None


def prune() -> None:
    """Delete what the queue has long done, and tell nobody how many those were."""
    nobody = StringIO()
    if settings.ENV.queue == "ox":
        call_command("ox_prune", older_than=KEPT, include_failed=True, stdout=nobody)
    elif settings.ENV.queue == "db":
        days = {"min_age_days": 1, "failed_min_age_days": 1}
        call_command("prune_db_task_results", "--backend=db", **days, verbosity=0, stdout=nobody)
