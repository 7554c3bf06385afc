"""The task queue behind `django.tasks`, where the operator chose one: who runs its tasks.

A queue is a convenience, never a promise: it may lose, repeat or strand what it was given. What
must happen stands in rows of ours, and whoever looks after those rows asks again.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Protocol

from django.conf import settings
from django.db import connections

POLLED_EVERY = 0.2  # seconds; as often as the worker looks for what is due


class Runner(Protocol):
    """Takes tasks off the queue, so many at once, until it is told to stop."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """Take no more, and wait for those in hand."""
        ...


def thread(run: Callable[[], object]) -> Thread:
    def run_and_hang_up() -> None:
        try:
            run()
        finally:
            connections.close_all()

    return Thread(target=run_and_hang_up, name="queue", daemon=True)


class OxRunner:
    """django-ox: one worker that runs many tasks at once."""

    def __init__(self, at_once: int) -> None:
        from django_ox.worker import Worker

        self.worker = Worker(backend_alias="ox", concurrency=at_once, poll_interval=POLLED_EVERY)
        self.thread = thread(self.worker.run)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.worker.request_stop()
        self.thread.join()


class DbRunner:
    """django-tasks-db: each of its workers runs one task at a time."""

    def __init__(self, at_once: int) -> None:
        from django_tasks_db.management.commands.db_worker import Worker

        self.workers = [
            Worker(
                queue_names=["*"], interval=POLLED_EVERY, batch=False, backend_name="db",
                startup_delay=False, max_tasks=None, worker_id=f"hand {n}", excluded_queue_names=[],
            )
            for n in range(at_once)
        ]  # fmt: skip
        self.threads = [thread(worker.run) for worker in self.workers]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        for worker in self.workers:
            worker.running = False
        for thread in self.threads:
            thread.join()


RUNNERS: dict[str, Callable[[int], Runner]] = {"ox": OxRunner, "db": DbRunner}


def runner(at_once: int) -> Runner | None:
    """Whoever runs the tasks of the queue that the settings name, if they name one."""
    made = RUNNERS.get(settings.ENV.queue)
    return made(at_once) if made else None
