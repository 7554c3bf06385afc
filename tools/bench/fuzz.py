"""`./run bench fuzz`: hostile frames for the decoders; none may crash them or fill the memory."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commonground.hear.engine.statuses import read_status
from commonground.spot.engine.sketches import Plan
from commonground.spot.engine.watching import Watch
from tools.bench.crowd import frame

BLOCK = 200  # lines; one broken line in a block sends all of it to the careful path
SLICE = 20_000
MAY_GROW = 32.0  # megabytes: that is not a leak
BRACES = [b"[" * 3000, b'{"commit":' * 900, b"\xff\xfe", b"\\ud800", b"\0", b"1e999", b"-", b'"']


def cut(dice: random.Random, held: bytes) -> bytes:
    return held[: dice.randrange(len(held))]


def flip(dice: random.Random, held: bytes) -> bytes:
    out = bytearray(held)
    for _ in range(dice.randrange(1, 6)):
        out[dice.randrange(len(out))] = dice.randrange(256)
    return bytes(out)


def insert(dice: random.Random, held: bytes) -> bytes:
    at = dice.randrange(len(held))
    return held[:at] + dice.choice(BRACES) + held[at:]


def retype(dice: random.Random, held: bytes) -> bytes:
    """Other values of other types under the same names."""
    value = dice.choice([b"null", b"[]", b"{}", b"-1", b"1e308", b"true", b'"\\u0000"', b"9" * 400])
    name = dice.choice([b'"did":"', b'"time_us":', b'"langs":["', b'"text":"', b'"record":{'])
    begin = held.find(name)
    end = held.find(b",", begin)
    return held if min(begin, end) < 0 else held[: begin + len(name) - 1] + value + held[end:]


def noise(dice: random.Random, held: bytes) -> bytes:
    return dice.randbytes(dice.randrange(300))


def strange(dice: random.Random, held: bytes) -> bytes:
    """A good frame with signs from all over Unicode."""
    text = "".join(chr(dice.randrange(1, 0xD800)) for _ in range(dice.randrange(80)))
    return dated(frame(dice, text, "xx"))


def dated(held: bytes) -> bytes:
    """A frame of now: what claims to be older than such posts is passed over unread."""
    return held.replace(b"1000000000000000", b"%d" % int(time.time() * 1e6), 1)


HOSTILE: list[Callable[[random.Random, bytes], bytes]] = [
    cut, flip, flip, insert, retype, noise, strange,
]  # fmt: skip


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def fuzz(frames: int, seed: int) -> dict[str, Any]:
    """Raises whatever a decoder raises: nothing is caught here."""
    dice, now = random.Random(seed), time.time()
    good = [dated(frame(dice, "a fire in the oven, police there", "en")) for _ in range(50)]
    watch = Watch(Plan.starter(now + 3600))
    first = posts = 0.0
    for begin in range(0, frames, BLOCK):
        lines = [dice.choice(HOSTILE)(dice, dice.choice(good)) for _ in range(BLOCK)]
        watch.take(b"\n".join(lines))
        for line in lines[:: BLOCK // 4]:
            read_status(line, "a.example")
        watch.worker.deletions.clear()
        if begin % SLICE == 0:
            posts += len(watch.close(now + begin / 1000).posts)
        # By then what a worker may remember is full; from there on it must not grow.
        if not first and begin >= frames * 0.6:
            first = megabytes()
    return {
        "frames": frames, "crashes": 0, "mb_once_full": round(first),
        "mb_at_the_end": round(megabytes()), "flat": megabytes() - first < MAY_GROW,
        "passed_over": dict(watch.worker.skipped), "seconds": round(time.time() - now, 1),
    }  # fmt: skip


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench fuzz", description=__doc__)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args(words)
    told = fuzz(arguments.frames, arguments.seed)
    print(json.dumps(told, indent=2))
    return 0 if told["flat"] else 1
