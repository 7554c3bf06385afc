"""Writers beside each other: entries of the record, and rows of a plain table, in turns."""

from __future__ import annotations

import multiprocessing
import os
import queue
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

WRITTEN = {
    "reason": "The bridge is closed until further notice.",
    "before": "draft",
    "after": "in_review",
}
PLAIN = """CREATE TABLE plain (id bigserial PRIMARY KEY, at timestamptz, agency varchar(40),
  verb varchar(40), subject varchar(80), body bytea, kept bytea, key bytea)"""
KINDS = ("plain", "entry")
PATIENCE = 120.0  # seconds a writer may take to start, or to end a round, on a busy machine


def rates(writers: int, rounds: int, seconds: float) -> dict[str, Any]:
    """How many transactions a second so many writers commit, each in a process of its own.

    Rows and entries take turns, so that whatever else the machine does meets both alike; after
    each round a checkpoint is published, which the record must then continue.
    """
    from commonground.record.actions import publish

    context = multiprocessing.get_context("spawn")
    turn, counts = context.Barrier(writers + 1), context.Queue()
    plan = [kind for _ in range(rounds) for kind in KINDS]
    hands = [
        context.Process(target=write, args=(plan, seconds, turn, counts)) for _ in range(writers)
    ]
    for hand in hands:
        hand.start()
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    worked: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    entries = writers  # each writes one before the first round, to be warm
    try:
        for kind in plan:
            while turn.n_waiting < writers and all(hand.is_alive() for hand in hands):
                time.sleep(0.05)
            servers = connected()
            before = worked_by(servers)
            turn.wait(PATIENCE)
            done = [counts.get(timeout=seconds + PATIENCE) for _ in hands]
            many = sum(acts for acts, _, _ in done)
            found[kind].append(sum(acts / took for acts, took, _ in done))
            theirs = worked_by(servers) - before
            worked[kind].append((sum(own for _, _, own in done) / many, theirs / many))
            entries += many if kind == "entry" else 0
            publish()
    finally:
        for hand in hands:
            hand.join(PATIENCE)
    return told(found, entries) | {
        # Of one act: what a machine that others use as well tells better than the clock.
        "processor_microseconds": {
            kind: {"writer": round(1e6 * median(own for own, _ in ones)),
                   "server": round(1e6 * median(theirs for _, theirs in ones))}
            for kind, ones in worked.items()
        },
    }  # fmt: skip


def connected() -> list[int]:
    """The processes of the server that serve the writers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def worked_by(pids: list[int]) -> float:
    """Seconds of the processor, so far."""
    ticks = 0
    for pid in pids:
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(parts[11]) + int(parts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def told(found: dict[str, list[float]], entries: int) -> dict[str, Any]:
    shares = [entry / row for row, entry in zip(found["plain"], found["entry"], strict=True)]
    return {
        "plain_inserts_per_second": round(median(found["plain"])),
        "entries_per_second": round(median(found["entry"])),
        "entries_for_each_plain_insert": round(median(shares), 2),
        "rounds": {kind: [round(rate) for rate in ones] for kind, ones in found.items()},
        "acknowledged": entries,
    }


def write(plan: list[str], seconds: float, turn: Any, counts: queue.Queue[Any]) -> None:
    """One writer, round after round. Its settings come from whoever started it."""
    import django

    django.setup()
    acts: dict[str, Callable[[int], None]] = {"plain": one_row, "entry": one_entry}
    for act in acts.values():
        act(0)
    for kind in plan:
        act, done = acts[kind], 0
        turn.wait(PATIENCE)
        began, before = time.monotonic(), time.process_time()
        while time.monotonic() < began + seconds:
            act(done)
            done += 1
        counts.put((done, time.monotonic() - began, time.process_time() - before))


class Thing:
    pk, agency_id = "6f1cbd1e-2d4b-4f63-9b4b-6b8a9b6f0d5e", "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"

    def __str__(self) -> str:
        return "Bridge Street is closed"


def one_entry(number: int) -> None:
    from commonground.record.actions import THE_DESK, witness

    witness("submit", Thing(), by=THE_DESK, **WRITTEN)


def one_row(number: int) -> None:
    """As many bytes as an entry has, by the same library, and nothing worked out."""
    from django.db import connection, transaction
    from django.utils import timezone

    values = [
        timezone.now(),
        Thing.agency_id,
        "submit",
        "thing:" + Thing.pk,
        b"x" * 840,
        b"y" * 1400,
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO plain (at, agency, verb, subject, body, kept, key)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)", [*values, b"z" * 60],
        )  # fmt: skip
