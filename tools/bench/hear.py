"""`./run bench hear`: a record second, for a minute, through a socket; and the same for others."""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from commonground.hear.engine.heard import upstream_of
from commonground.spot.engine.watching import Worker
from tools.bench import crowd
from tools.bench.listener import listen, on_core, plan
from tools.bench.peers import peers
from tools.bench.stages import parts, stages

RECORD = 143_199  # posts a second: the most Twitter ever saw, in August 2013
CHUNK = 1 << 18
LISTENER_CORE, OTHERS_CORE = 0, 1
MUCH_TIME = 900.0
PARTS = ("minute", "stages", "two_cores", "peers")


def in_process(target: Any, *args: Any) -> tuple[Any, Any]:
    """Run a function in a fresh process; its answer comes through the connection."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=answer, args=(theirs, target, args), daemon=True)
    process.start()
    return process, ours


def answer(line: Any, target: Any, args: tuple[Any, ...]) -> None:
    line.send(target(*args))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def send(port: int, seconds: int, rate: int, seed: int) -> dict[str, Any]:
    """The network: so many posts a second, with six events in them. Says what it planted."""
    on_core(OTHERS_CORE)
    stream = crowd.Stream(seconds, rate, seed)
    onset: dict[str, float] = {}
    with socket.create_connection(("127.0.0.1", port)) as line:
        began, late, sent = time.time(), 0.0, 0
        for n in range(seconds):
            now = began + n
            view, extra, count = stream.at(n, now)
            for p in stream.planted:
                if p.event and p.begins == n:
                    onset[p.name] = now
            pieces = spread(view, extra)
            for k, piece in enumerate(pieces):
                pause = now + k / len(pieces) - time.time()
                if pause > 0.002:
                    time.sleep(pause)
                line.sendall(piece)
            sent += count
            late = max(late, time.time() - (now + 1))
        wall = time.time() - began
    return {
        "began": began, "sent": sent, "wall_s": wall, "late_s": late, "onset": onset,
        "bytes_a_post": stream.second.bytes.size / stream.frames,
        "ids": {upstream_of(post): name for post, name in stream.ids.items()},
    }  # fmt: skip


def spread(view: memoryview, extra: bytes, parts: int = 40) -> list[bytes | memoryview]:
    """A second's bytes in pieces that end with a line, the events' lines between them."""
    step, pieces, begin = len(view) // parts, [], 0
    lines = extra.splitlines(keepends=True)
    whole = bytes(view)
    for n in range(parts):
        end = len(view) if n == parts - 1 else whole.rfind(b"\n", 0, begin + step) + 1
        pieces.append(view[begin:end])
        pieces.append(b"".join(lines[n::parts]))
        begin = end
    return [piece for piece in pieces if len(piece)]


class Poll(threading.Thread):
    """Somebody who looks at the desk's pages all the while."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address, self.took, self.failed = address, [], 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            began = time.time()
            try:
                with urllib.request.urlopen(self.address, timeout=10) as page:
                    page.read()
                self.took.append(time.time() - began)
            except OSError:
                self.failed += 1

    def told(self) -> dict[str, Any]:
        took = sorted(self.took) or [0.0]
        return {
            "pages": len(self.took), "failed": self.failed,
            "median_s": round(statistics.median(took), 4),
            "p99_s": round(took[int(len(took) * 0.99) - (len(took) == 1)], 4),
        }  # fmt: skip


@contextlib.contextmanager
def web() -> Iterator[Poll]:
    """A real desk with its agency, its web server answering one reader."""
    from tools.demo import stage

    port = free_port()
    with stage.desk(port):
        poll = Poll(f"http://localhost:{port}/")
        poll.start()
        yield poll
        poll.over.set()
        poll.join()


def run(seconds: int, rate: int, patterns: int, seed: int) -> dict[str, Any]:
    """One core listens, the other sends, serves the pages and reads them."""
    os.sched_setaffinity(0, {OTHERS_CORE})
    folder = Path(tempfile.mkdtemp(prefix="commonground-bench-"))
    port = free_port()
    try:
        with web() as poll:
            listener, heard = in_process(listen, port, folder, patterns, LISTENER_CORE, seed)
            say("The listener hears four quiet hours first ...")
            while not (folder / "ready").exists():
                if not listener.is_alive():
                    raise RuntimeError("the listener ended before it began")
                time.sleep(0.2)
            poll.took.clear()
            say(f"{seconds} seconds at {rate:,} posts a second ...")
            sender, sent = in_process(send, port, seconds, rate, seed)
            told = {"heard": answered(listener, heard), "sent": answered(sender, sent)}
            told["web"] = poll.told()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return judged(told, rate)


def say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def answered(process: Any, line: Any) -> Any:
    if not line.poll(MUCH_TIME):
        raise RuntimeError(f"process {process.pid} says nothing")
    got = line.recv()
    process.join()
    return got


def judged(told: dict[str, Any], rate: int) -> dict[str, Any]:
    heard, sent = told["heard"], told["sent"]
    ids, onset = sent.pop("ids"), sent["onset"]
    found: dict[str, float] = {}
    others = []
    for moment in heard["opened"]:
        names = [ids.get(post, "") for post in moment.pop("posts")]
        name = max(set(names), key=names.count) if names else ""
        if name:
            found.setdefault(name, round(moment["told_at"] - onset[name], 2))
        else:
            others.append(moment)
    lags = sorted(s["after_slice_s"] for s in heard["slices"])
    behind = sorted(s["after_newest_post_s"] for s in heard["slices"])
    return {
        "posts": heard["posts"], "seconds": round(sent["wall_s"], 2),
        "posts_a_second": round(heard["posts"] / heard["wall_s"]),
        "asked_a_second": rate, "bytes_a_post": round(sent["bytes_a_post"]),
        "posts_a_core_second": round(heard["posts"] / heard["cpu_s"]),
        "core_used": round(heard["cpu_s"] / heard["wall_s"], 3),
        "sender_late_s": round(sent["late_s"], 2),
        "slice_to_moment_s": {
            "median": round(statistics.median(lags), 3), "p99": round(at(lags, 0.99), 3),
            "after_newest_post_p99": round(at(behind, 0.99), 3),
        },
        "rss_mb": round(heard["rss_mb"]), "web": told["web"],
        "kept_posts": heard["kept"], "kept_in": "SQLite, WAL, fsync a slice",
        "planted": sorted(onset), "found_after_s": found,
        "other_moments": [m["label"] for m in others], "skipped": heard["skipped"],
        "deletions": heard["deletions"],
        "handed_a_slice": round(statistics.mean(s["handed"] for s in heard["slices"])),
    }  # fmt: skip


def at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench hear", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=RECORD, help="posts a second to send")
    parser.add_argument("--patterns", type=int, default=1000, help="watch phrases")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3, help="of each peer")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; several times")
    a = parser.parse_args(words)
    told: dict[str, Any] = {"load_before": os.getloadavg()[0]}
    parts: dict[str, Callable[[], Any]] = {
        "minute": lambda: run(a.seconds, a.rate, a.patterns, a.seed),
        "stages": lambda: alone(stages, a.patterns, a.seed, LISTENER_CORE),
        "two_cores": lambda: both_cores(a.patterns, a.seed),
        "peers": lambda: alone(peers, a.rounds, a.seed, LISTENER_CORE),
    }
    for name in a.only or parts:
        say(f"{name} ...")
        told[name] = parts[name]()
        say(json.dumps({name: told[name]}))  # so that nothing is lost when it is cut short
    told["load_after"] = os.getloadavg()[0]
    say(table(told))
    print(json.dumps(told, indent=2))
    return 0


def alone(target: Any, *args: Any) -> Any:
    return answered(*in_process(target, *args))


def both_cores(patterns: int, seed: int) -> dict[str, Any]:
    """Two workers map what they hold in memory: with both cores ours, nobody is left to send."""
    began = [in_process(mapping, patterns, seed + core, core) for core in (0, 1)]
    rates = [answered(*one) for one in began]
    return {
        "posts_a_second": round(sum(r["wall"] for r in rates)),
        "posts_a_core_second": round(sum(r["cpu"] for r in rates)),
        "what": "decoding to sketches in two processes from memory, no socket, no detector",
    }  # fmt: skip


def mapping(patterns: int, seed: int, core: int) -> dict[str, float]:
    on_core(core)
    second = crowd.Second(60_000, seed)
    blocks = parts(bytes(second.renew(time.time(), 60_000)))
    worker = Worker(plan(patterns), repeats=None)
    for block in blocks:
        worker.take(block)
    wall, cpu = time.time(), time.process_time()
    for n in range(10):
        worker.memory.slice.clear()
        for block in blocks:
            worker.take(block)
        worker.sketch(time.time() + n)
    return {
        "wall": 600_000 / (time.time() - wall), "cpu": 600_000 / (time.process_time() - cpu),
    }  # fmt: skip


BARS = {"naive": 20, "river": 25, "bertopic": 100}


def table(told: dict[str, Any]) -> str:
    """What a person reads: each bar, and whether it was met."""
    minute = told.get("minute")
    rows = [] if minute is None else [
        ("posts a second", f"{minute['posts_a_second']:,}", f">= {RECORD:,}"),
        ("p99 slice to moment, s", str(minute["slice_to_moment_s"]["p99"]), "< 2"),
        ("memory, MB", f"{minute['rss_mb']:,}", "< 2,048"),
        ("planted moments found", f"{len(minute['found_after_s'])} of {len(minute['planted'])}",
         "all"),
        ("posts a core-second", f"{minute['posts_a_core_second']:,}", ""),
    ]  # fmt: skip
    for name, least in BARS.items():
        held = told.get("peers", {})
        ratio = held.get("ratio", {}).get(name)
        why = f"NOT COMPARED: {held['missing'][name]}" if name in held.get("missing", {}) else "-"
        rows.append((f"times {name}", str(ratio or why), f">= {least}"))
    return "\n".join(f"{what:<26} {got:>14}   {bar}" for what, got, bar in rows)
